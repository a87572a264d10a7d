import type { Venue, VenueIo, VenuePoll } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createContradicted } from '../common/contradicted.ts';
import { createListWatch } from '../common/listed.ts';
import { type HourWindow, oldestIn, walkForward, walkPrices } from '../common/paging.ts';
import { keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { parseDepth, parseOpenInterest } from './book.ts';
import { type BinanceListing, listingOfName, parseExchangeInfo } from './exchange-info.ts';
import { createFiles } from './files.ts';
import { FORMULA } from './formula.ts';
import { parseFundingInfo } from './funding-info.ts';
import { parseFundingRate, parseKlines } from './history.ts';
import { BINANCE } from './host.ts';
import type { Market } from './market.ts';
import { parsePremiumIndex } from './premium-index.ts';
import { parseVolumes } from './volumes.ts';

/** All instruments with their rules: some 2 MB. */
const EXCHANGE_INFO_BYTES = 12 * 1024 * 1024;
const HISTORY_LIMIT = 1000;
const CANDLE_LIMIT = 1000;
/** Levels per side, and what they cost. */
const BOOK_LIMIT = 500;
const BOOK_WEIGHT = 10;

/** One futures market of Binance as a venue. */
export function createMarket(market: Market): Venue {
  const { id, name, hue, onByDefault, url, service, fees, api, cost, funding, openedAt } = market;
  const listings = keptList(
    'exchangeInfo',
    5 * MINUTE_MS,
    async (io) =>
      parseExchangeInfo(market, await io.request({ path: `${api}/exchangeInfo`, cost: cost(1), maxBytes: EXCHANGE_INFO_BYTES }), io.now),
    9,
  );
  const watch = createListWatch(listings);
  const adjusted = keptList(
    'fundingInfo',
    5 * MINUTE_MS,
    async (io) => parseFundingInfo(market, await io.request({ path: `${api}/fundingInfo`, cost: funding }), io.now),
    0,
  );
  // All symbols at once weigh 40.
  const volumes = keptList(
    'ticker/24hr',
    5 * MINUTE_MS,
    async (io) => parseVolumes(market, await io.request({ path: `${api}/ticker/24hr`, cost: cost(40) }), io.now),
    1,
  );
  const contradicted = createContradicted();
  const listingOf = async (io: VenueIo, symbol: string): Promise<BinanceListing> => {
    const listing = (await listings.required(io, HOUR_MS)).get(symbol);
    if (listing === undefined) throw unlisted(name, symbol);
    return listing;
  };
  const history = async (io: VenueIo, symbol: string, range: string) =>
    parseFundingRate(
      market,
      await io.request({ path: `${api}/fundingRate?symbol=${encodeURIComponent(symbol)}&${range}`, cost: funding }),
      symbol,
      io.now,
    );
  const candles = async (io: VenueIo, symbol: string, path: string, window: HourWindow) =>
    parseKlines(
      market,
      await io.request({
        path: `${api}/${path}&interval=1h&startTime=${window.firstOpen}&endTime=${window.lastOpen}&limit=${CANDLE_LIMIT}`,
        cost: cost(5),
      }),
      symbol,
      window,
      io.now,
    );
  return {
    id,
    name,
    url,
    host: BINANCE,
    hue,
    onByDefault,
    formula: FORMULA,
    fees,
    service,
    async poll(io) {
      const text = await io.request({ path: `${api}/premiumIndex`, cost: cost(10) });
      const notes: string[] = [];
      const listed = await watch.refresh(io, notes);
      const before = adjusted.value;
      let stated = await adjusted.refresh(io, 5 * MINUTE_MS, notes);
      const traded = await volumes.refresh(io, 5 * MINUTE_MS, notes).then((list) => (volumes.isCurrent ? list : null));
      const read = (): VenuePoll => {
        const known = { listings: listed, adjusted: stated, adjustedIsOld: !adjusted.isCurrent, volumes: traded, lacks: watch.lacks };
        return parsePremiumIndex(market, text, known, io.now, notes);
      };
      let poll = read();
      // An interval that has changed is seen at once, and not when the list is old.
      if (contradicted.isNew(poll.snapshots) && adjusted.isCurrent && stated === before) {
        stated = await adjusted.refresh(io, 0, notes);
        poll = read();
      }
      watch.polled(poll);
      return poll;
    },
    async oldest(io, symbol) {
      return oldestIn(name, symbol, await history(io, symbol, `startTime=${openedAt}&limit=1`));
    },
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: name,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, `startTime=${Math.max(start, openedAt)}&endTime=${end}&limit=${HISTORY_LIMIT}`),
      }),
    prices: (io, symbol, from, to) => {
      const of = encodeURIComponent(symbol);
      const pair = encodeURIComponent((listings.value?.get(symbol) ?? listingOfName(market, symbol))?.pair ?? symbol);
      return walkPrices({
        from,
        servedFrom: openedAt,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, symbol, `markPriceKlines?symbol=${of}`, window),
          index: await candles(io, symbol, `indexPriceKlines?pair=${pair}`, window),
        }),
      });
    },
    async orderRules(io, symbol) {
      const { rules } = await listingOf(io, symbol);
      if (rules === null) throw unlisted(name, symbol);
      return rules;
    },
    async book(io, symbol) {
      // What one contract is, the list alone says.
      const size = market.contract === 'linear' ? 1 : (await listingOf(io, symbol)).contractSize;
      const path = `${api}/depth?symbol=${encodeURIComponent(symbol)}&limit=${BOOK_LIMIT}`;
      return parseDepth(market, await io.request({ path, cost: cost(BOOK_WEIGHT) }), symbol, io.now, size);
    },
    async openInterest(io, symbol) {
      const path = `${api}/openInterest?symbol=${encodeURIComponent(symbol)}`;
      return parseOpenInterest(market, await io.request({ path, cost: cost(1) }), symbol, io.now);
    },
    bookCost: cost(BOOK_WEIGHT),
    files: createFiles(market, market.filesFrom),
  };
}
