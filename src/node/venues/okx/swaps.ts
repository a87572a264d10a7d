import type { Venue, VenueIo } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { oldestByPages } from '../common/oldest.ts';
import { type Candles, type HourWindow, type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, inLists, keptList, orNote, type Row } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME, parseData, rowsById } from './body.ts';
import { parseBook } from './book.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseCandles, parseFundingHistory } from './history.ts';
import { OKX } from './host.ts';
import { SERVICE } from './service.ts';
import { type OkxListing, parseInstruments, termsOfName } from './instruments.ts';
import { parsePositionTiers } from './position-tiers.ts';
import { type Beside, readRates } from './rates.ts';

/** Before its first perpetual (December 2018): no candle is older. */
const OPENED_AT = Date.UTC(2018, 11, 1);
const HISTORY_LIMIT = 400;
const CANDLE_LIMIT = 100;
/** Levels per side. */
const BOOK_LIMIT = 5_000;
const BOOK_COST = { 'books-full': 1 };
/** Quotes of the indexes that its swaps follow, where the list of swaps does not tell them. */
const INDEX_QUOTES: ReadonlySet<string> = new Set(['USDT', 'USD', 'USDC']);
/** Three months of settlements every hour are six pages. */
const MAX_PAGES = 30;

async function readInstruments(io: VenueIo): Promise<ReadonlyMap<string, OkxListing>> {
  const text = await io.request({ path: '/api/v5/public/instruments?instType=SWAP', cost: { instruments: 1 } });
  const listings = parseInstruments(text, io.now);
  if (listings.size === 0) throw empty(NAME, 'the list of instruments holds no swap');
  return listings;
}

/** Prices and open interest of all swaps, as far as they can be had. The indexes of one quote are one list. */
async function askBeside(io: VenueIo, notes: string[], listings: ReadonlyMap<string, OkxListing> | null): Promise<Omit<Beside, 'tickers'>> {
  const quotes =
    listings === null ? INDEX_QUOTES : new Set([...listings.values()].flatMap(({ state, quote }) => (state === 'live' ? [quote] : [])));
  const ask = (bucket: string, path: string): Promise<ReadonlyMap<string, Row> | null> =>
    orNote(path, notes, async () => rowsById(parseData(await io.request({ path: `/api/v5/${path}`, cost: { [bucket]: 1 } }), path)));
  const [marks, openInterest, ...indexes] = await Promise.all([
    ask('mark-price', 'public/mark-price?instType=SWAP'),
    ask('open-interest', 'public/open-interest?instType=SWAP'),
    ...[...quotes].map((quote) => ask('index-tickers', `market/index-tickers?quoteCcy=${encodeURIComponent(quote)}`)),
  ]);
  return { marks, openInterest, indexOf: inLists(indexes) };
}

/** All swaps of OKX: margined in USDT, in USDC and in their coin (inverse). https://www.okx.com/docs-v5/en/#public-data */
export function createOkx(): Venue {
  const listings = keptList('instruments', 5 * MINUTE_MS, readInstruments, 3);
  const watch = createListWatch(listings);
  // What was traded in 24 h is all that they tell beside the others, and moves slowly.
  const askTickers = async (io: VenueIo): Promise<ReadonlyMap<string, Row>> => {
    const text = await io.request({ path: '/api/v5/market/tickers?instType=SWAP', cost: { tickers: 1 } });
    return rowsById(parseData(text, 'market/tickers'));
  };
  const tickers = keptList('market/tickers', MINUTE_MS, askTickers, 4);
  const listingOf = async (io: VenueIo, symbol: string): Promise<OkxListing> => {
    const listing = (await listings.required(io, HOUR_MS)).get(symbol);
    if (listing === undefined) throw unlisted(NAME, symbol);
    return listing;
  };
  const indexOf = (symbol: string): string => (listings.value?.get(symbol) ?? termsOfName(symbol))?.index ?? symbol;
  /** The newest 400 settlements of [start, end]. */
  const history = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    const path = `/api/v5/public/funding-rate-history?instId=${encodeURIComponent(symbol)}&after=${end + 1}&limit=${HISTORY_LIMIT}`;
    return parseFundingHistory(await io.request({ path, cost: { 'funding-rate-history': 1 } }), symbol, start, io.now);
  };
  const candles = async (io: VenueIo, of: 'mark-price' | 'index', symbol: string, window: HourWindow): Promise<Candles> => {
    const bucket = `history-${of}-candles`;
    const instId = encodeURIComponent(of === 'index' ? indexOf(symbol) : symbol);
    const path = `/api/v5/market/${bucket}?instId=${instId}&bar=1H&after=${window.lastOpen + 1}&limit=${CANDLE_LIMIT}`;
    return parseCandles(await io.request({ path, cost: { [bucket]: 1 } }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://www.okx.com',
    host: OKX,
    hue: 255,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const text = await io.request({ path: '/api/v5/public/funding-rate?instId=ANY', cost: { 'funding-rate': 1 } });
      const rates = parseData(text, 'list of funding rates');
      const notes: string[] = [];
      const known = await watch.refresh(io, notes, 5 * MINUTE_MS);
      const [beside, volumes] = await Promise.all([askBeside(io, notes, known), tickers.refresh(io, 5 * MINUTE_MS, notes)]);
      // A volume that could not be asked for lately is none.
      const all = { ...beside, tickers: tickers.isCurrent ? volumes : null };
      const poll = readRates(rates, known, all, io.now, notes, watch.lacks);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) =>
      oldestByPages({ venue: NAME, symbol, maxPages: MAX_PAGES, now: io.now, ask: (end) => history(io, symbol, 0, end) }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLE_LIMIT,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, 'mark-price', symbol, window),
          index: await candles(io, 'index', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const { rules, family } = await listingOf(io, symbol);
      const path = `/api/v5/public/position-tiers?instType=SWAP&tdMode=isolated&instFamily=${encodeURIComponent(family)}`;
      const tiers = parsePositionTiers(await io.request({ path, cost: { 'position-tiers': 1 } }), family);
      return {
        ...rules,
        maxQuantity: least(rules.maxQuantity, tiers.mostContracts),
        maintenance: tiers.maintenance,
        notes: [...rules.notes, ...tiers.notes],
      };
    },
    async book(io, symbol) {
      const listing = await listingOf(io, symbol);
      const path = `/api/v5/market/books-full?instId=${encodeURIComponent(symbol)}&sz=${BOOK_LIMIT}`;
      return parseBook(await io.request({ path, cost: BOOK_COST }), symbol, listing, io.now);
    },
    bookCost: BOOK_COST,
  };
}

/** No order is larger than the largest position. */
const least = (a: string | null, b: string | null): string | null => (a === null || b === null ? (a ?? b) : exact(a).lt(b) ? a : b);
