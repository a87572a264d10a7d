/**
 * What our parsers and ccxt's read from the same bodies, field by field. `node test/support/beside-ccxt.ts` writes the page
 * docs/venues-beside-ccxt.md; a test fails where it is not up to date, or where a difference has no verdict.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SettledRow, Snapshot, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { newClient } from '#node/venues/ccxt/load.ts';
import { CCXT_VERSION } from '#node/venues/ccxt/listed.ts';
import { createVenues } from '#node/venues/index.ts';
import { settlementKey } from '#domain/time.ts';
import { table, widePage } from '../../build/markdown.ts';
import { body } from './bodies.ts';
import { VERDICTS } from './beside-ccxt-verdicts.ts';

type Raw = Readonly<Record<string, unknown>>;
/** What of a ccxt exchange is used here beyond what the app uses. */
interface Parser {
  fetchImplementation: (url: string, init: { readonly body?: string | undefined }) => Promise<Response>;
  milliseconds: () => number;
  throttle: () => Promise<void>;
  setMarkets(markets: readonly object[]): void;
  market(symbol: string): object;
  parseFundingRate(row: Raw, market: object): Raw;
  fetchFundingRateHistory(symbol: string, since?: number, limit?: number): Promise<readonly Raw[]>;
}

const NOW = 1_794_770_400_500;

export interface Case {
  readonly venue: string;
  readonly ccxt: string;
  /** Answers to our own folder, by a part of the address that it asks; of several the last. */
  readonly answers: Readonly<Record<string, string>>;
  /** The body that both read, and its rows with the venue's name of each instrument. */
  readonly rates?: { readonly body: string; rows(parsed: unknown): readonly (readonly [symbol: string, row: Raw])[] };
  readonly settled?: { readonly body: string; readonly symbol: string };
  /** When its bodies were recorded, where that is not `NOW`. */
  readonly now?: number;
}

const listOf = (parsed: unknown, ...path: readonly string[]): (Raw | null)[] =>
  path.reduce<unknown>((at, name) => (at as Raw)[name], parsed) as (Raw | null)[];
const by =
  (name: string, ...path: readonly string[]) =>
  (parsed: unknown) =>
    listOf(parsed, ...path).flatMap((row) => {
      const symbol = row?.[name];
      return row !== null && typeof symbol === 'string' && symbol !== '' ? [[symbol, row] as const] : [];
    });

export const CASES: readonly Case[] = [
  {
    venue: 'binance',
    ccxt: 'binanceusdm',
    answers: {
      premiumIndex: 'binance/premiumIndex',
      exchangeInfo: 'binance/exchangeInfo',
      fundingInfo: 'binance/fundingInfo',
      'ticker/24hr': 'binance/ticker',
      fundingRate: 'binance/fundingRate',
    },
    rates: { body: 'binance/premiumIndex', rows: by('symbol') },
    settled: { body: 'binance/fundingRate', symbol: 'INJUSDT' },
  },
  {
    venue: 'binance-coin-m',
    ccxt: 'binancecoinm',
    answers: {
      premiumIndex: 'binance-coin-m/premiumIndex',
      exchangeInfo: 'binance-coin-m/exchangeInfo',
      fundingInfo: 'binance-coin-m/fundingInfo',
      'ticker/24hr': 'binance-coin-m/ticker',
    },
    rates: { body: 'binance-coin-m/premiumIndex', rows: by('symbol') },
  },
  {
    venue: 'bybit',
    ccxt: 'bybit',
    answers: {
      tickers: 'bybit/tickers',
      'instruments-info': 'bybit/instruments-1',
      'cursor=': 'bybit/instruments-2',
      'funding/history': 'bybit/funding-history',
    },
    rates: { body: 'bybit/tickers', rows: by('symbol', 'result', 'list') },
    settled: { body: 'bybit/funding-history', symbol: 'INJUSDT' },
  },
  {
    venue: 'hyperliquid',
    ccxt: 'hyperliquid',
    answers: { metaAndAssetCtxs: 'hyperliquid/metaAndAssetCtxs', fundingHistory: 'hyperliquid/fundingHistory' },
    rates: {
      body: 'hyperliquid/metaAndAssetCtxs',
      rows: (parsed) => {
        const [{ universe }, contexts] = parsed as [{ universe: Raw[] }, Raw[]];
        return universe.flatMap((one, i) => (typeof one['name'] === 'string' ? [[one['name'], { ...one, ...contexts[i] }] as const] : []));
      },
    },
  },
  {
    venue: 'okx',
    ccxt: 'okx',
    answers: {
      'public/funding-rate': 'okx/funding-rate',
      instruments: 'okx/instruments',
      'mark-price': 'okx/mark-price',
      'open-interest': 'okx/open-interest',
      'index-tickers': 'okx/index-tickers',
      'market/tickers': 'okx/tickers',
    },
    rates: { body: 'okx/funding-rate', rows: by('instId', 'data') },
  },
  {
    venue: 'bitget',
    ccxt: 'bitget',
    answers: Object.fromEntries([
      ...['contracts', 'tickers', 'current-fund-rate'].flatMap((list) =>
        ['usdt', 'usdc', 'coin'].map((kind) => [`${list}?productType=${kind.toUpperCase()}-FUTURES`, `bitget/${list}-${kind}`] as const),
      ),
      ['v3/market/instruments', 'bitget/instruments'],
      ['history-fund-rate', 'bitget/history-fund-rate'],
    ]),
    rates: { body: 'bitget/current-fund-rate-usdt', rows: by('symbol', 'data') },
    settled: { body: 'bitget/history-fund-rate', symbol: 'BTCUSDT' },
  },
  {
    venue: 'gate',
    ccxt: 'gate',
    answers: Object.fromEntries(
      ['usdt', 'btc'].flatMap((settle) => ['contracts', 'tickers'].map((list) => [`${settle}/${list}`, `gate/${list}-${settle}`] as const)),
    ),
    rates: { body: 'gate/contracts-usdt', rows: by('name') },
    now: 1_789_910_000_000,
  },
  {
    venue: 'kucoin',
    ccxt: 'kucoinfutures',
    answers: { 'funding-rates': 'kucoin/funding-rates' },
    settled: { body: 'kucoin/funding-rates', symbol: 'XBTUSDTM' },
  },
  {
    venue: 'mexc',
    ccxt: 'mexc',
    answers: { ticker: 'mexc/ticker', detail: 'mexc/detail', funding_rate: 'mexc/funding-rate' },
    rates: { body: 'mexc/funding-rate', rows: by('symbol', 'data') },
    now: 1_761_883_095_759,
  },
  {
    venue: 'aster',
    ccxt: 'aster',
    answers: {
      premiumIndex: 'aster/premiumIndex',
      exchangeInfo: 'aster/exchangeInfo',
      fundingInfo: 'aster/fundingInfo',
      'ticker/24hr': 'aster/ticker',
    },
    rates: { body: 'aster/premiumIndex', rows: by('symbol') },
    now: 1_750_146_970_000,
  },
  {
    venue: 'kraken',
    ccxt: 'krakenfutures',
    answers: { tickers: 'kraken/tickers', instruments: 'kraken/instruments' },
    rates: { body: 'kraken/tickers', rows: by('symbol', 'tickers') },
    now: Date.UTC(2025, 9, 22, 11, 2, 30),
  },
  {
    venue: 'bingx',
    ccxt: 'bingx',
    answers: { premiumIndex: 'bingx/premiumIndex', contracts: 'bingx/contracts', ticker: 'bingx/ticker', fundingRate: 'bingx/fundingRate' },
    rates: { body: 'bingx/premiumIndex', rows: by('symbol', 'data') },
    now: 1_790_121_600_000,
  },
  {
    venue: 'coinex',
    ccxt: 'coinex',
    answers: { 'funding-rate': 'coinex/funding-rate', 'futures/market': 'coinex/market', ticker: 'coinex/ticker' },
    rates: { body: 'coinex/funding-rate', rows: by('market', 'data') },
    now: 1_715_740_000_000,
  },
  {
    venue: 'woo',
    ccxt: 'woo',
    answers: { 'public/fundingRate': 'woo/fundingRate', futures: 'woo/futures', instruments: 'woo/instruments' },
    rates: { body: 'woo/fundingRate', rows: by('symbol', 'data', 'rows') },
    now: 1_751_624_038_000,
  },
  {
    venue: 'backpack',
    ccxt: 'backpack',
    answers: {
      markPrices: 'backpack/markPrices',
      markets: 'backpack/markets',
      openInterest: 'backpack/openInterest',
      tickers: 'backpack/tickers',
    },
    rates: { body: 'backpack/markPrices', rows: by('symbol') },
    now: 1_790_133_798_064,
  },
  {
    venue: 'paradex',
    ccxt: 'paradex',
    answers: { markets: 'paradex/markets', 'markets/summary': 'paradex/summary' },
    rates: { body: 'paradex/summary', rows: by('symbol', 'results') },
  },
];

export interface Difference {
  readonly venue: string;
  readonly field: string;
  readonly symbol: string;
  readonly ours: string;
  readonly ccxt: string;
}
export interface Compared {
  readonly venue: string;
  readonly rows: number;
  /** Values that both read, and read alike. */
  readonly same: number;
  readonly differences: readonly Difference[];
  /** Fields that ccxt does not read of this body. */
  readonly lacking: readonly string[];
}

const number = (value: unknown): number | null =>
  value === undefined || value === null || Number.isNaN(Number(value)) ? null : Number(value) + 0;
const hoursOf = (value: unknown): number | null => (typeof value === 'string' && /^\d+h$/u.test(value) ? Number(value.slice(0, -1)) : null);
/** Our field, and the one of ccxt's funding rate structure that is to be the same (https://docs.ccxt.com/#/?id=funding-rate-structure). */
const FIELDS: readonly (readonly [name: string, ours: (one: Snapshot) => number | null, ccxt: (one: Raw) => number | null])[] = [
  ['rate', ({ rate }) => rate, (one) => number(one['fundingRate'])],
  ['interval', ({ intervalH }) => intervalH, (one) => hoursOf(one['interval'])],
  ['next settlement', ({ nextFundingAt }) => nextFundingAt, (one) => number(one['fundingTimestamp'])],
  ['mark', ({ mark }) => mark, (one) => number(one['markPrice'])],
  ['index', ({ index }) => index, (one) => number(one['indexPrice'])],
  ['interest', ({ interestPer8h }) => interestPer8h, (one) => number(one['interestRate'])],
];

const text = (value: number | null): string => (value === null ? 'nothing' : String(value));
const nameOf = (symbol: string): string => `${symbol}/X:X`;

async function parserOf({ ccxt, now = NOW }: Case, symbols: readonly string[]): Promise<Parser> {
  const made = (await newClient(ccxt, {})) as Parser | null;
  if (made === null) throw new Error(`ccxt ${CCXT_VERSION} has no ${ccxt}`);
  made.milliseconds = () => now;
  made.throttle = () => Promise.resolve();
  const of = (id: string): object => {
    const kind = {
      type: 'swap',
      spot: false,
      swap: true,
      future: false,
      option: false,
      margin: false,
      contract: true,
      linear: true,
      inverse: false,
    };
    const names = {
      id,
      symbol: nameOf(id),
      base: id,
      quote: 'X',
      settle: 'X',
      baseId: id,
      quoteId: 'X',
      settleId: 'usdt',
      contractSize: 1,
      active: true,
    };
    return { ...kind, ...names, precision: { price: 1e-8, amount: 1e-8 }, limits: {}, info: {} };
  };
  made.setMarkets(symbols.map(of));
  return made;
}

function ioOf({ answers, now = NOW }: Case): VenueIo {
  const request = ({ path, body: asked }: VenueRequest): Promise<string> => {
    const address = asked === undefined ? path : `${path} ${JSON.stringify(asked)}`;
    const found = Object.keys(answers).findLast((part) => address.includes(part));
    const file = found === undefined ? undefined : answers[found];
    return file === undefined ? Promise.reject(new Error(`no body for ${address}`)) : Promise.resolve(body(`${file}.json`));
  };
  return { now, request };
}

async function ratesOf(one: Case, venue: Venue, rates: NonNullable<Case['rates']>): Promise<Omit<Compared, 'venue'>> {
  const rows = rates.rows(JSON.parse(body(`${rates.body}.json`)));
  const parser = await parserOf(
    one,
    rows.map(([symbol]) => symbol),
  );
  const { snapshots } = await venue.poll(ioOf(one));
  const ours = new Map(snapshots.map((snapshot) => [snapshot.symbol, snapshot]));
  const differences: Difference[] = [];
  const told = new Set<string>();
  let same = 0;
  for (const [symbol, row] of rows) {
    const theirs = parser.parseFundingRate(row, parser.market(nameOf(symbol)));
    const own = ours.get(symbol);
    const rate = number(theirs['fundingRate']);
    if (own === undefined) {
      if (rate !== null) differences.push({ venue: one.venue, field: 'row', symbol, ours: 'refused or left out', ccxt: `rate ${rate}` });
      continue;
    }
    for (const [field, mine, other] of FIELDS) {
      const [a, b] = [mine(own), other(theirs)];
      if (b !== null) told.add(field);
      if (a === b) same += a === null ? 0 : 1;
      else if (b !== null) differences.push({ venue: one.venue, field, symbol, ours: text(a), ccxt: text(b) });
    }
  }
  return { rows: rows.length, same, differences, lacking: FIELDS.map(([field]) => field).filter((field) => !told.has(field)) };
}

async function settledOf(
  one: Case,
  venue: Venue,
  { body: file, symbol }: NonNullable<Case['settled']>,
): Promise<Omit<Compared, 'venue' | 'lacking'>> {
  const parser = await parserOf(one, [symbol]);
  parser.fetchImplementation = () =>
    Promise.resolve(new Response(body(`${file}.json`), { status: 200, headers: { 'content-type': 'application/json' } }));
  const theirs = await parser.fetchFundingRateHistory(nameOf(symbol));
  const ours: SettledRow[] = [];
  for await (const page of venue.settled(ioOf(one), symbol, 0, NOW)) {
    ours.push(...page.rows);
    break;
  }
  const own = new Map(ours.map((row) => [settlementKey(row.stamp), row]));
  const differences: Difference[] = [];
  let same = 0;
  for (const row of theirs) {
    const [stamp, rate] = [number(row['timestamp']), number(row['fundingRate'])];
    const mine = stamp === null ? undefined : own.get(settlementKey(stamp));
    if (mine !== undefined && mine.stamp === stamp && mine.rate === rate) same += 1;
    else
      differences.push({
        ...{ venue: one.venue, field: 'settlement', symbol },
        ours: mine === undefined ? 'refused' : `${mine.rate} at ${mine.stamp}`,
        ccxt: `${text(rate)} at ${text(stamp)}`,
      });
  }
  return { rows: theirs.length, same, differences };
}

export async function compared(one: Case): Promise<Compared> {
  const venue = createVenues().find(({ id }) => id === one.venue);
  if (venue === undefined) throw new Error(`no venue ${one.venue}`);
  const rates = one.rates && (await ratesOf(one, venue, one.rates));
  const settled = one.settled && (await settledOf(one, venue, one.settled));
  return {
    venue: one.venue,
    rows: (rates?.rows ?? 0) + (settled?.rows ?? 0),
    same: (rates?.same ?? 0) + (settled?.same ?? 0),
    differences: [...(rates?.differences ?? []), ...(settled?.differences ?? [])],
    lacking: rates?.lacking ?? [],
  };
}

/** Which side is right and why; undefined: it is not said. */
export const verdictOf = ({ venue, field, symbol }: Difference): string | undefined =>
  VERDICTS[`${venue} ${field} ${symbol}`] ?? VERDICTS[`${venue} ${field}`] ?? VERDICTS[field];

export async function besidePage(): Promise<string> {
  const all: Compared[] = [];
  for (const one of CASES) all.push(await compared(one));
  const rows = all.flatMap(({ differences }) =>
    differences.map((one) => [one.venue, one.symbol, one.field, one.ours, one.ccxt, verdictOf(one) ?? 'no verdict']),
  );
  return widePage(
    '# Venues beside ccxt',
    `The same bodies (\`test/contract/bodies\`) through our parsers and through those of ccxt ${CCXT_VERSION}, value by value. Generated by \`node test/support/beside-ccxt.ts\`; a test compares it, and wants a verdict on every difference.`,
    'Bodies hold spoilt rows on purpose. Not compared: BitMEX, which this ccxt has not, dYdX, Deribit and Lighter, whose running rates it does not read from a list that we read; of KuCoin only settlements, for we read its rates from another list.',
    table(
      ['venue', 'rows', 'values read alike', 'differences', 'not read by ccxt from this body'],
      all.map((one) => [
        one.venue,
        String(one.rows),
        String(one.same),
        String(one.differences.length),
        one.lacking.length === 0 ? 'nothing' : one.lacking.join(', '),
      ]),
    ),
    '## Differences',
    table(['venue', 'instrument', 'field', 'ours', 'ccxt', 'which is right, and why'], rows),
  );
}

if (import.meta.main) writeFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/venues-beside-ccxt.md'), await besidePage());
