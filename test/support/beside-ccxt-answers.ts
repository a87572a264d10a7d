/**
 * What our parsers and ccxt's read from the same answer about one contract (settlements, an order book, hourly prices) or about all of
 * them (open interest). Running rates are in `beside-ccxt.ts`.
 */
import type { Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { HOUR_MS, settlementKey } from '#domain/time.ts';
import { newClient } from '#node/venues/ccxt/load.ts';
import { createVenues } from '#node/venues/index.ts';
import { body } from './bodies.ts';
import type { Compared, Difference } from './beside-ccxt.ts';
import type { AnswerCase } from './beside-ccxt-cases.ts';

type Raw = Readonly<Record<string, unknown>>;
interface Parser {
  fetchImplementation: () => Promise<Response>;
  milliseconds: () => number;
  throttle: () => Promise<void>;
  setMarkets(markets: readonly object[]): void;
  fetchFundingRateHistory(symbol: string, since: undefined, limit: undefined, params: object): Promise<readonly Raw[]>;
  fetchOrderBook(symbol: string, limit: number | undefined, params: object): Promise<Raw>;
  fetchOHLCV(symbol: string, timeframe: string, since: undefined, limit: number, params: object): Promise<readonly (readonly unknown[])[]>;
  market(symbol: string): object;
  parseOpenInterest(row: Raw, market: object): Raw;
  fetchOpenInterest(symbol: string, params: object): Promise<Raw>;
}

const number = (value: unknown): number | null =>
  value === undefined || value === null || Number.isNaN(Number(value)) ? null : Number(value) + 0;
const nameOf = (symbol: string): string => `${symbol}/X:X`;

/** ccxt with the one contract, of the size and kind that the venue lists it with. */
async function parserOf({ ccxt, symbol, answer, now, size = 1, inverse = false }: AnswerCase): Promise<Parser> {
  const made = (await newClient(ccxt, {})) as Parser | null;
  if (made === null) throw new Error(`no ${ccxt} in ccxt`);
  made.milliseconds = () => now;
  made.throttle = () => Promise.resolve();
  made.fetchImplementation = () =>
    Promise.resolve(new Response(body(`${answer}.json`), { status: 200, headers: { 'content-type': 'application/json' } }));
  const kind = { type: 'swap', spot: false, swap: true, future: false, option: false, margin: false, contract: true };
  const coin = { base: symbol, quote: 'X', settle: 'X', baseId: symbol, quoteId: 'X', settleId: 'usdt', contractSize: size, active: true };
  const numbers = { precision: { price: 1e-8, amount: 1e-8 }, limits: {}, info: {} };
  made.setMarkets([{ id: symbol, symbol: nameOf(symbol), linear: !inverse, inverse, ...kind, ...coin, ...numbers }]);
  return made;
}

/** Ours is given the same answer where the question is asked, and the venue's lists beside it. */
function ioOf({ at, answer, lists, now }: AnswerCase): VenueIo {
  const request = ({ path, body: asked }: VenueRequest): Promise<string> => {
    const address = asked === undefined ? path : `${path} ${JSON.stringify(asked)}`;
    const list = Object.entries(lists).findLast(([part]) => address.includes(part))?.[1];
    const file = address.includes(at) ? answer : list;
    return file === undefined ? Promise.reject(new Error(`no body for ${address}`)) : Promise.resolve(body(`${file}.json`));
  };
  return { now, request };
}

/** Pairs of what ours says and what ccxt says, by a name of the value. */
type Pairs = readonly (readonly [what: string, ours: string, ccxt: string])[];
const NOTHING = 'nothing';

async function settlements(one: AnswerCase, venue: Venue, parser: Parser): Promise<Pairs> {
  const theirs = await parser.fetchFundingRateHistory(nameOf(one.symbol), undefined, undefined, one.params ?? {});
  const stamps = theirs.map((row) => number(row['timestamp']) ?? NaN);
  const ours = new Map<number, string>();
  for await (const page of venue.settled(ioOf(one), one.symbol, Math.min(...stamps) - 1, Math.max(...stamps))) {
    for (const { stamp, rate } of page.rows) ours.set(settlementKey(stamp), `${rate} at ${stamp}`);
    break;
  }
  return theirs.map((row, i) => {
    const key = settlementKey(stamps[i] ?? NaN);
    return [new Date(key).toISOString(), ours.get(key) ?? NOTHING, `${number(row['fundingRate'])} at ${stamps[i]}`];
  });
}

async function levels(one: AnswerCase, venue: Venue, parser: Parser): Promise<Pairs> {
  const theirs = await parser.fetchOrderBook(nameOf(one.symbol), undefined, one.params ?? {});
  const ours = await venue.book(ioOf(one), one.symbol);
  return (['bids', 'asks'] as const).flatMap((side) => {
    const other = new Map(
      (theirs[side] as readonly (readonly unknown[])[]).map(([price, amount]) => [number(price) ?? NaN, number(amount) ?? NaN]),
    );
    const own = new Map(ours[side].map(([price, size]) => [Number(price), Number(size)]));
    return [...new Set([...own.keys(), ...other.keys()])].map((price): Pairs[number] => {
      const [a, b] = [own.get(price), other.get(price)];
      return [`${side} at ${price}`, a === undefined ? NOTHING : text(a), b === undefined ? NOTHING : text(inCoins(one, b, price))];
    });
  });
}
/** ccxt's orders are in contracts. */
const inCoins = ({ size = 1, inverse = false }: AnswerCase, contracts: number, price: number): number =>
  inverse ? (contracts * size) / price : contracts * size;
/** Beyond 12 digits the two differ by how they were multiplied. */
const text = (value: number | null): string => (value === null ? NOTHING : String(Number(value.toPrecision(12))));

async function candles(one: AnswerCase, venue: Venue, parser: Parser): Promise<Pairs> {
  const theirs = await parser.fetchOHLCV(nameOf(one.symbol), '1h', undefined, 500, one.params ?? {});
  const opens = theirs.map(([open]) => settlementKey(number(open) ?? NaN));
  const ours = new Map<number, string>();
  for await (const page of venue.prices(ioOf(one), one.symbol, Math.min(...opens) - HOUR_MS, Math.max(...opens) + HOUR_MS))
    for (const { close, mark, index, last } of page.rows) ours.set(close, `${mark ?? index ?? last} at ${close - HOUR_MS}`);
  return theirs.map(([open, , , , close], i) => {
    const hour = opens[i] ?? NaN;
    return [new Date(hour).toISOString(), ours.get(hour + HOUR_MS) ?? NOTHING, `${number(close)} at ${number(open)}`];
  });
}

async function interest(one: AnswerCase, venue: Venue, parser: Parser): Promise<Pairs> {
  const row = one.row?.(JSON.parse(body(`${one.answer}.json`)), one.symbol);
  const name = nameOf(one.symbol);
  const theirs =
    row === undefined ? await parser.fetchOpenInterest(name, one.params ?? {}) : parser.parseOpenInterest(row, parser.market(name));
  const io = ioOf(one);
  const { snapshots } = await venue.poll(io);
  const stated = snapshots.find(({ symbol }) => symbol === one.symbol)?.openInterest ?? null;
  const ours = stated ?? (await venue.openInterest?.(io, one.symbol))?.amount ?? null;
  return [[one.symbol, text(ours), text(number(theirs['openInterestAmount']) ?? number(theirs['openInterestValue']))]];
}

const READ = { settlement: settlements, 'order book': levels, candle: candles, 'open interest': interest } as const;

export async function comparedAnswer(one: AnswerCase): Promise<Compared> {
  const venue = createVenues().find(({ id }) => id === one.venue);
  if (venue === undefined) throw new Error(`no venue ${one.venue}`);
  const pairs = await READ[one.kind](one, venue, await parserOf(one));
  const differences = pairs.flatMap(([what, ours, ccxt]): Difference[] =>
    ours === ccxt ? [] : [{ venue: one.venue, field: one.kind, symbol: what === one.symbol ? what : `${one.symbol} ${what}`, ours, ccxt }],
  );
  return { venue: one.venue, rows: pairs.length, same: pairs.length - differences.length, differences, lacking: [] };
}
