import type { VenueService } from '#core/venue-service.ts';
import type { CcxtListing } from './listed.ts';
import type { HistoryWay, Way } from './ways.ts';

function settledDays({ history, usualH }: Way): VenueService['settledDays'] {
  if (history === null) return 0;
  if (history.kind === 'newest') return Math.max(1, Math.floor((history.limit * (usualH ?? 1)) / 24));
  return ('days' in history ? history.days : undefined) ?? 'all';
}
const rowsOf = (history: HistoryWay | null): number => history?.limit ?? 0;

const INTERVAL = {
  row: 'stated with the rate',
  list: 'stated in its list of instruments',
  documented: 'by its documentation, no answer says it',
} as const;

/** What can be said of an exchange that is read through ccxt. */
export function serviceOf({ documentation, hasCandles }: CcxtListing, way: Way): VenueService {
  const { interval, usualH } = way;
  const guess =
    way.history === null
      ? `not stated: ${usualH} h is usual, and taken only where the next settlement is told, which refutes it`
      : `not stated: ${usualH} h is usual, and settlements refute it`;
  return {
    documentation,
    nextFunding: 'as ccxt has it, the first time ahead; not said by some',
    interval: interval === undefined ? guess : INTERVAL[interval],
    openInterest: 'not taken: ccxt counts it in other units by exchange',
    caps: null,
    tiers: 'not asked',
    settledDays: settledDays(way),
    settledRows: rowsOf(way.history),
    prices: hasCandles ? 'last only' : 'none',
    accrual: 'discrete',
    unverified: ['all that comes through ccxt'],
  };
}
