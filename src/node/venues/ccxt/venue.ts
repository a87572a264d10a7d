import type { ExchangeHost, Venue, VenueIo, VenueReader } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createListWatch } from '../common/listed.ts';
import { type Candles, type HourWindow, readCandles, walkPrices } from '../common/paging.ts';
import { empty, keptList, listOf, malformed, readNumber, readTime } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { type CcxtContract, readContracts } from './contracts.ts';
import { oldestSettled, settledPages } from './history.ts';
import { createCcxtLink } from './link.ts';
import { readBook, readRules } from './orders.ts';
import { createRatesReader, readPoll, SWEEP_MS } from './poll.ts';
import { CCXT_VERSION, type CcxtListing } from './listed.ts';
import { serviceOf } from './service.ts';
import type { HistoryWay, Way } from './ways.ts';

/** Heads the ids: history that is stored under one stays readable when ccxt drops its exchange. */
export const ID_PREFIX = 'ccxt-';
/** All of ccxt's exchanges have one worker: each of its own would load the package once more, which takes some 100 MB. */
const READER: VenueReader = { id: 'ccxt', megabytes: 768 };

/** ccxt counts requests in units of `rateLimit` ms. */
const WINDOW_MS = 10_000;
/** No exchange lists perpetuals that are older. */
const EARLIEST_MS = Date.UTC(2016, 4, 1);
const HOURS_PER_PAGE = 100;

export const droppedSentence = (name: string): string =>
  `ccxt ${CCXT_VERSION} no longer serves ${name}. Its stored history stays readable; nothing new is asked.`;

function hostOf({ id, name, rateLimitMs }: CcxtListing, shared: string | undefined): ExchangeHost {
  return {
    id: ID_PREFIX + (shared ?? id),
    name: shared ?? name,
    limits: [{ bucket: 'units', max: Math.max(1, Math.floor(WINDOW_MS / rateLimitMs)), perMs: WINDOW_MS }],
  };
}

const unitsIn = ({ limits }: ExchangeHost, ms: number): number => limits.reduce((units, { max, perMs }) => units + (max * ms) / perMs, 0);

/** An exchange that is read through ccxt: what ccxt does not say is not said. */
export function createCcxtVenue(listing: CcxtListing, way: Way, hue: number): Venue {
  const id = ID_PREFIX + listing.id;
  const name = `${listing.name} via ccxt`;
  const host = hostOf(listing, way.host);
  const link = createCcxtLink({
    exchange: listing.id,
    name,
    url: way.url,
    options: way.options ?? {},
    maxUnits: host.limits[0]?.max ?? 1,
    dropped: droppedSentence(listing.name),
  });
  const listed = keptList('instruments', MINUTE_MS, async (io) => {
    const markets = listOf(name, await link.ask(io, (client) => client.fetchMarkets()), 'list of markets');
    const contracts = readContracts(id, name, markets, way.contractSize);
    if (contracts.size === 0) throw empty(name, 'no perpetual in its list of markets');
    await link.ask(io, (client) => {
      client.setMarkets([...contracts.values()].map(({ market }) => market));
      return Promise.resolve();
    });
    return contracts;
  });
  const watch = createListWatch(listed);
  /** An interval of it cannot be any more, by an announced settlement. */
  let isListPast = false;
  const readRates = createRatesReader(name, way, link.ask, () => !listed.isCurrent, unitsIn(host, SWEEP_MS));

  async function contractOf(io: VenueIo, symbol: string): Promise<CcxtContract> {
    const contracts = await listed.required(io, HOUR_MS);
    const found = [...contracts.values()].find(({ instrument }) => instrument.symbol === symbol);
    if (found === undefined) throw unlisted(name, symbol);
    return found;
  }
  const historyOf = ({ instrument }: CcxtContract): HistoryWay | null =>
    (instrument.contract === 'inverse' ? way.historyOfInverse : undefined) ?? way.history;
  const history = (io: VenueIo, contract: CcxtContract, of: HistoryWay) => ({
    name,
    way: of,
    contract,
    io,
    ask: (work: Parameters<typeof link.ask>[1]) => link.ask(io, work),
  });
  async function lastPrices(io: VenueIo, { unified, instrument }: CcxtContract, window: HourWindow): Promise<Candles> {
    const { firstOpen, lastOpen } = window;
    const hours = (lastOpen - firstOpen) / HOUR_MS + 1;
    const until = lastOpen + HOUR_MS - 1;
    const answer = await link.ask(io, (client) => client.fetchOHLCV(unified, '1h', firstOpen, hours, { until }));
    const all = listOf(name, answer, 'list of candles');
    const openOf = (candle: unknown): number | null => (Array.isArray(candle) ? readTime(candle[0]) : null);
    const inside = all.filter((candle) => {
      const open = openOf(candle);
      return open !== null && open >= firstOpen && open <= lastOpen;
    });
    // An exchange that gives its newest hours whatever is asked would be asked through years for nothing.
    if (inside.length === 0 && all.length > 0) throw malformed(name, `${instrument.symbol}: candles of other hours than asked for`);
    return readCandles(name, instrument.symbol, inside, window, (candle) => {
      const [open, first, high, low, price] = Array.isArray(candle) ? (candle as unknown[]) : [];
      return { open: readTime(open), price: readNumber(price), others: [readNumber(first), readNumber(high), readNumber(low)] };
    });
  }
  return {
    id,
    name,
    url: way.url,
    host,
    hue,
    onByDefault: false,
    formula: null,
    fees: null,
    service: serviceOf(listing, way),
    kPrefix: true,
    group: 'via ccxt',
    reader: READER,
    async poll(io) {
      const notes: string[] = [];
      const contracts = (await watch.refresh(io, notes, isListPast ? 5 * MINUTE_MS : HOUR_MS)) ?? (await listed.required(io, HOUR_MS));
      const rates = await readRates(io, contracts, notes);
      isListPast =
        way.interval === 'list' &&
        [...rates.rates.values()].some((rate) => rate !== null && rate.intervalH === null && rate.nextFundingAt !== null);
      const poll = readPoll(name, rates, contracts, { now: io.now, isSwept: way.rates.kind === 'each', notes });
      watch.polled(poll);
      return poll;
    },
    async oldest(io, symbol) {
      const contract = await contractOf(io, symbol);
      const of = historyOf(contract);
      return of === null ? null : oldestSettled(history(io, contract, of), contract.instrument.listedAt ?? EARLIEST_MS);
    },
    async *settled(io, symbol, from, to) {
      const contract = await contractOf(io, symbol);
      const of = historyOf(contract);
      if (of !== null) yield* settledPages(history(io, contract, of), from, to);
    },
    async *prices(io, symbol, from, to) {
      const contract = await contractOf(io, symbol);
      if (!listing.hasCandles) return;
      yield* walkPrices({
        from,
        servedFrom: contract.instrument.listedAt ?? EARLIEST_MS,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({ last: await lastPrices(io, contract, window) }),
      });
    },
    orderRules: async (io, symbol) => readRules(await contractOf(io, symbol)),
    async book(io, symbol) {
      const contract = await contractOf(io, symbol);
      if (!listing.hasBooks) throw new VenueError('empty', `${name} gives no order book.`, `ccxt has no fetchOrderBook for ${listing.id}`);
      return readBook(name, await link.ask(io, (client) => client.fetchOrderBook(contract.unified)), contract, io.now);
    },
    bookCost: { units: 1 },
  };
}
