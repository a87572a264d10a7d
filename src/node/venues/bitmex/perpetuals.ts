import type { Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { readIso } from '../common/iso.ts';
import { readDate } from '../common/poll.ts';
import { oldestIn, type SettledAnswer, walkForward, walkPrices } from '../common/paging.ts';
import { keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { readContract, rulesOf } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseBuckets, parseFunding } from './history.ts';
import { BITMEX, COST } from './host.ts';
import { parseActive, readRates } from './rates.ts';
import { SERVICE } from './service.ts';

/** XBTUSD, its first perpetual. */
const OPENED_AT = Date.UTC(2016, 4, 13);
const PAGE = 500;
const HOURS_PER_PAGE = 1_000;
/** Levels of a side. */
const DEPTH = 500;
const iso = (time: number): string => new Date(time).toISOString();

/** Perpetuals of BitMEX, inverse and linear. https://www.bitmex.com/api/explorer/ */
export function createBitmex(): Venue {
  const askActive = async (io: VenueIo) => parseActive(await io.request({ path: '/api/v1/instrument/active', cost: COST }));
  const active = keptList('instrument/active', 5 * MINUTE_MS, askActive);
  const listedAt = (symbol: string): number | null => readDate(readIso(active.value?.find((row) => row['symbol'] === symbol)?.['listing']));
  const contractOf = async (io: VenueIo, symbol: string) => {
    const row = (await active.required(io, HOUR_MS)).find((one) => one['symbol'] === symbol);
    const { instrument } = row === undefined || row['state'] === 'Settled' ? { instrument: null } : readContract(row);
    if (row === undefined || instrument === null) throw unlisted(NAME, symbol);
    return { row, instrument };
  };
  const history = async (io: VenueIo, symbol: string, start: number, end: number, count = PAGE): Promise<SettledAnswer> => {
    const span = `startTime=${iso(start)}&endTime=${iso(end)}`;
    const path = `/api/v1/funding?symbol=${encodeURIComponent(symbol)}&count=${count}&reverse=false&${span}`;
    return parseFunding(await io.request({ path, cost: COST }), symbol, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://www.bitmex.com',
    host: BITMEX,
    hue: 350,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    poll: async (io) => readRates(await askActive(io), io.now),
    oldest: async (io, symbol) => oldestIn(NAME, symbol, await history(io, symbol, OPENED_AT, io.now, 1)),
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: PAGE,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: listedAt(symbol) ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => {
          // Times asked for are those of the answer: the ends of hours.
          const span = `startTime=${iso(window.firstOpen + HOUR_MS)}&endTime=${iso(window.lastOpen + HOUR_MS)}`;
          const path = `/api/v1/trade/bucketed?binSize=1h&partial=false&symbol=${encodeURIComponent(symbol)}&count=${HOURS_PER_PAGE}&reverse=false&${span}`;
          return { last: parseBuckets(await io.request({ path, cost: COST }), symbol, window) };
        },
      }),
    async orderRules(io, symbol) {
      const { row, instrument } = await contractOf(io, symbol);
      return rulesOf(row, instrument);
    },
    async book(io, symbol) {
      const { instrument } = await contractOf(io, symbol);
      const path = `/api/v1/orderBook/L2?symbol=${encodeURIComponent(symbol)}&depth=${DEPTH}`;
      return parseBook(await io.request({ path, cost: COST }), symbol, instrument, io.now);
    },
    bookCost: COST,
  };
}
