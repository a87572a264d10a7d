import type { VenueService } from '#core/venue-service.ts';
import type { CcxtListing } from './listed.ts';
import type { HistoryWay, Way } from './ways.ts';

function settledDays({ history, usualH }: Way): VenueService['settledDays'] {
  if (history === null) return 0;
  return history.kind === 'newest' ? Math.max(1, Math.floor((history.limit * usualH) / 24)) : 'all';
}
const rowsOf = (history: HistoryWay | null): number => history?.limit ?? 0;

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
    interval: interval === undefined ? guess : interval === 'row' ? 'stated with the rate' : 'stated in its list of instruments',
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
