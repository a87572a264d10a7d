import type { VenuePoll, Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { askByPages, type NumberedPages, oldestByNumber } from '../common/numbered-pages.ts';
import { type Candles, type HourWindow, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, orNote, type Row } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { type Answer, ID, NAME } from './body.ts';
import { parseBook } from './book.ts';
import { type BitgetListing, parseClasses, parseContracts } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { CANDLE_HOURS, candleQuery, historyOf, PAGE_ROWS, parseCandles, parseHistoryPage } from './history.ts';
import { BITGET, costOf } from './host.ts';
import { parsePositionTiers } from './position-tiers.ts';
import { PRODUCTS, type Product, productOfName } from './products.ts';
import { firstSettlement, parseRates, parseTickers, type ProductAnswers, readPoll } from './rates.ts';
import { SERVICE } from './service.ts';

/** Before its first perpetual (April 2019): no candle is older. */
const OPENED_AT = Date.UTC(2019, 3, 1);
/** How old the intervals of the small products may be between two settlements. */
const RATES_MAX_AGE_MS = 5 * MINUTE_MS;
const MAIN = PRODUCTS[0];
/** The contracts that only the lists of the product tell of. */
const UNTOLD: Readonly<Record<Product, NonNullable<VenuePoll['untold']>[number]>> = {
  'USDT-FUTURES': { contract: 'linear', settle: 'USDT' },
  'USDC-FUTURES': { contract: 'linear', settle: 'USDC' },
  'COIN-FUTURES': { contract: 'inverse' },
};

const BASE = '/api/v2/mix/market';
const ofProduct = (product: Product): string => `productType=${product}`;

/** One product's lists as they are kept between polls. */
function createProduct(product: Product) {
  const place = PRODUCTS.indexOf(product);
  const readListings = async (io: VenueIo): Promise<ReadonlyMap<string, BitgetListing>> => {
    const text = await io.request({ path: `${BASE}/contracts?${ofProduct(product)}`, cost: costOf('contracts') });
    const found = parseContracts(text, product);
    if (found.size === 0) throw empty(NAME, `the list of contracts of ${product} is empty`);
    return found;
  };
  const listings = keptList(`contracts of ${product}`, 5 * MINUTE_MS, readListings, 19 + 10 * place);
  const rates = keptList(
    `funding rates of ${product}`,
    MINUTE_MS,
    async (io): Promise<{ rows: ReadonlyMap<string, Row>; until: number }> => {
      const path = `${BASE}/current-fund-rate?${ofProduct(product)}`;
      const rows = parseRates(await io.request({ path, cost: costOf('current-fund-rate') }));
      return { rows, until: firstSettlement(rows, io.now) };
    },
    6 + place,
  );
  const watch = createListWatch(listings);
  /** Intervals of the main product are asked for at every poll; those of the others once a settlement has passed, and now and then. */
  const isDue = (now: number): boolean => product === MAIN || rates.value === null || rates.value.until <= now;
  return {
    product,
    listings,
    watch,
    tickers: async (io: VenueIo): Promise<Answer> =>
      parseTickers(await io.request({ path: `${BASE}/tickers?${ofProduct(product)}`, cost: costOf('tickers') }), product),
    async beside(io: VenueIo, tickers: Answer, notes: string[]): Promise<ProductAnswers> {
      const before = rates.value;
      const [known, stated] = await Promise.all([watch.refresh(io, notes), rates.refresh(io, isDue(io.now) ? 0 : RATES_MAX_AGE_MS, notes)]);
      const isFresh = stated !== before;
      return { product, tickers, rates: stated?.rows ?? null, isFresh, isLate: !rates.isCurrent, listings: known, lacks: watch.lacks };
    },
  };
}

/**
 * Perpetuals of Bitget's classic account: margined in USDT, in USDC and in their coin (inverse).
 * https://www.bitget.com/api-doc/contract/intro
 */
export function createBitget(): Venue {
  const products = PRODUCTS.map(createProduct);
  const classes = keptList(
    'classes of instruments',
    HOUR_MS,
    async (io) => parseClasses(await io.request({ path: `/api/v3/market/instruments?category=${MAIN}`, cost: costOf('instruments') })),
    49,
  );
  const listingOf = async (io: VenueIo, symbol: string): Promise<BitgetListing> => {
    const named = productOfName(symbol);
    // The likely list first: a failure of another one is none of this question.
    for (const { listings } of products.toSorted((a, b) => Number(b.product === named) - Number(a.product === named))) {
      const found = (await listings.required(io, HOUR_MS)).get(symbol);
      if (found !== undefined) return found;
    }
    throw unlisted(NAME, symbol);
  };
  /** Symbol and product of a question: the product that lists it, else what its name tells. */
  const naming = (symbol: string): string => {
    const listed = products.find(({ listings }) => listings.value?.has(symbol) === true);
    return `symbol=${encodeURIComponent(symbol)}&${ofProduct(listed?.product ?? productOfName(symbol))}`;
  };
  const pagesOf = (io: VenueIo, symbol: string): NumberedPages =>
    historyOf(
      symbol,
      async (page) => {
        const path = `${BASE}/history-fund-rate?${naming(symbol)}&pageSize=${PAGE_ROWS}&pageNo=${page}`;
        return parseHistoryPage(await io.request({ path, cost: costOf('history-fund-rate') }));
      },
      () => io.now,
    );
  const candles = async (io: VenueIo, kind: 'mark' | 'index', symbol: string, window: HourWindow): Promise<Candles> => {
    const list = `history-${kind}-candles` as const;
    const path = `${BASE}/${list}?${naming(symbol)}${candleQuery(window)}`;
    return parseCandles(await io.request({ path, cost: costOf(list) }), symbol, window);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api.bitget.com',
    host: BITGET,
    hue: 215,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const [main, ...others] = products;
      if (main === undefined) throw new Error('no product');
      const notes: string[] = [];
      const tickers = await main.tickers(io);
      const beside = others.map(async (one) => {
        const answer = await orNote(`tickers of ${one.product}`, notes, () => one.tickers(io));
        return answer && one.beside(io, answer, notes);
      });
      const [first, ...rest] = await Promise.all([main.beside(io, tickers, notes), ...beside]);
      const answers = [first, ...rest].filter((answer) => answer !== null);
      const untold = others.flatMap(({ product }, i) => (rest[i] === null ? [UNTOLD[product]] : []));
      const hasRwa = answers.some(({ listings }) => [...(listings?.values() ?? [])].some(({ isRwa }) => isRwa));
      const poll = readPoll(answers, hasRwa ? await classes.refresh(io, HOUR_MS, notes) : null, io.now, notes);
      for (const { watch } of products) watch.polled(poll);
      return { ...poll, untold };
    },
    oldest: (io, symbol) => oldestByNumber(pagesOf(io, symbol)),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        // Its answers tell by their times where they end.
        limit: Infinity,
        now: () => io.now,
        ask: askByPages(pagesOf(io, symbol)),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: OPENED_AT,
        to,
        hoursPerPage: CANDLE_HOURS,
        now: () => io.now,
        ask: async (window) => ({
          mark: await candles(io, 'mark', symbol, window),
          index: await candles(io, 'index', symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const { rules, contract } = await listingOf(io, symbol);
      if (contract === 'inverse') return rules;
      const path = `${BASE}/query-position-lever?${naming(symbol)}`;
      const tiers = parsePositionTiers(await io.request({ path, cost: costOf('query-position-lever') }), symbol);
      return { ...rules, ...tiers, notes: [...rules.notes, ...tiers.notes] };
    },
    async book(io, symbol) {
      const path = `${BASE}/merge-depth?${naming(symbol)}&precision=scale0&limit=max`;
      return parseBook(await io.request({ path, cost: costOf('merge-depth') }), symbol, io.now);
    },
    bookCost: costOf('merge-depth'),
  };
}
