import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { createWires } from '#node/demo/market.ts';
import { newClient } from '#node/venues/ccxt/load.ts';
import { createVenues } from '#node/venues/index.ts';
import { tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * One round of polls of the venues that are on by default, over answers of the demo market that are there already: what reading them costs
 * beside JSON.parse of the same bytes, and beside ccxt's fetchFundingRates, which reads the list of rates alone. No answer is waited for in either.
 */
const ROUNDS = isShort ? 3 : 60;
/** Rows of each venue: the demo's, many times under other names. */
const SYMBOLS = isShort ? 100 : 800;
/** At the second poll no list of the default venues has its turn: it is what moves alone. */
const NOW = Date.UTC(2026, 10, 20, 13, 24, 3);
const ROUND_MS = 30_000;

const { wires } = createWires(1);
const key = ({ method = 'GET', path, body }: VenueRequest): string => `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`;

interface Polled {
  readonly venue: Venue;
  /** Answers of a round, by request. */
  readonly answers: ReadonlyMap<string, string>;
  readonly symbols: readonly string[];
  readonly poll: () => Promise<number>;
}

/** Every list of instruments in an answer, `times` as long: each further time under names of its own. */
function longer(text: string, symbols: readonly string[], times: number): string {
  const names = symbols.map((symbol) => JSON.stringify(symbol));
  const again = (row: unknown, k: number): unknown => {
    const told = JSON.stringify(row);
    const name = names.find((one) => told.includes(one));
    return k === 0 || name === undefined ? row : (JSON.parse(told.replaceAll(name, `"C${k}${name.slice(1)}`)) as unknown);
  };
  const grow = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, grow(one)]));
    const isRows = value.length > 15 && value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    return isRows ? Array.from({ length: times }, (_, k) => value.map((row) => again(row, k))).flat() : value.map(grow);
  };
  return JSON.stringify(grow(JSON.parse(text)));
}

async function prepared(venue: Venue): Promise<Polled> {
  const wire = wires[venue.id];
  if (wire === undefined) throw new Error(`no demo wire of ${venue.id}`);
  const kept = new Map<string, string>();
  const asking = (now: number, answers: Map<string, string>): VenueIo => ({
    now,
    request(asked) {
      const url = new URL(asked.path, 'http://127.0.0.1');
      const text = asked.body === undefined ? '' : JSON.stringify(asked.body);
      const said = wire({ method: asked.method ?? 'GET', path: url.pathname, query: url.searchParams, body: text }, now);
      const body = names.length === 0 ? said.body : longer(said.body, names, Math.max(1, Math.floor(SYMBOLS / names.length)));
      answers.set(key(asked), body);
      return Promise.resolve(body);
    },
  });
  let names: readonly string[] = [];
  const [fresh] = createVenues().filter(({ id }) => id === venue.id);
  names = (await fresh?.poll(asking(NOW, new Map())))?.snapshots.map(({ symbol }) => symbol) ?? [];
  // The first asks for lists that are kept too; the next is a round alone.
  await venue.poll(asking(NOW, new Map()));
  const { snapshots } = await venue.poll(asking(NOW + ROUND_MS, kept));
  const io: VenueIo = {
    now: NOW + ROUND_MS,
    request: (asked) => Promise.resolve(kept.get(key(asked)) ?? Promise.reject(new Error(`not asked before: ${key(asked)}`))),
  };
  if (snapshots.length < SYMBOLS / 2) throw new Error(`${venue.name}: ${snapshots.length} rows were read`);
  return {
    venue,
    answers: kept,
    symbols: snapshots.map(({ symbol }) => symbol),
    poll: async () => (await venue.poll(io)).snapshots.length,
  };
}

/** A ccxt exchange of the same venue, and a part of the address of its list of rates. */
const CCXT: Readonly<Record<string, readonly [exchange: string, ofRates: string]>> = {
  binance: ['binanceusdm', 'premiumIndex'],
  bybit: ['bybit', '/v5/market/tickers'],
  hyperliquid: ['hyperliquid', 'metaAndAssetCtxs'],
  okx: ['okx', 'public/funding-rate'],
  bitget: ['bitget', 'tickers?productType=USDT-FUTURES'],
  gate: ['gate', 'usdt/contracts'],
};
/** What ccxt reads instead of the list that our round reads. */
const OTHER_LISTS: Readonly<Record<string, string>> = { kucoin: 'its unified account’s funding rates, ours is contracts/active' };
interface Ccxt {
  throttle: () => Promise<void>;
  fetchImplementation: () => Promise<Response>;
  setMarkets(markets: readonly object[]): void;
  fetchFundingRates(symbols?: readonly string[], params?: object): Promise<object>;
}
async function throughCcxt({
  venue,
  answers,
  symbols,
}: Polled): Promise<{ readonly text: string; readonly read: () => Promise<number> } | null> {
  const [exchange, ofRates] = CCXT[venue.id] ?? [];
  const text = [...answers].find(([asked]) => ofRates !== undefined && asked.includes(ofRates))?.[1];
  if (exchange === undefined || text === undefined) return null;
  const client = (await newClient(exchange, {})) as Ccxt | null;
  if (client === null) throw new Error(`ccxt has no ${exchange}`);
  client.throttle = () => Promise.resolve();
  client.fetchImplementation = () => Promise.resolve(new Response(text, { headers: { 'content-type': 'application/json' } }));
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
  client.setMarkets(
    symbols.map((id) => ({
      ...kind,
      ...{ id, symbol: `${id}/USDT:USDT`, base: id, quote: 'USDT', settle: 'USDT', baseId: id, quoteId: 'USDT', settleId: 'usdt' },
      ...{ contractSize: 1, active: true, precision: { price: 1e-8, amount: 1e-8 }, limits: {}, info: {} },
    })),
  );
  return { text, read: async () => Object.keys(await client.fetchFundingRates()).length };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What is on the heap when the work is done and nothing of it was collected, MB. */
async function megabytesOf(work: () => unknown): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = await work();
  const grown = process.memoryUsage().heapUsed - before;
  return held === undefined ? 0 : grown / 1e6;
}
/** Of several: compiling and what else the process does allocates too. */
async function leastOf(work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 5; i++) least = Math.min(least, await megabytesOf(work));
  return least;
}
async function best(works: readonly (() => unknown)[]): Promise<number[]> {
  const times = works.map(() => Infinity);
  // By turns, so that what else runs on the machine meets all of them.
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, work] of works.entries()) {
      const from = performance.now();
      await work();
      times[i] = Math.min(times[i] ?? Infinity, performance.now() - from);
    }
  return times;
}

const venues = createVenues().filter(({ onByDefault }) => onByDefault);
const polled: Polled[] = [];
for (const venue of venues) polled.push(await prepared(venue));
const texts = polled.flatMap(({ answers }) => [...answers.values()]);
const kilobytes = Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1024);

const round = async (): Promise<number> => {
  let rows = 0;
  for (const { poll } of polled) rows += await poll();
  return rows;
};
const bare = (): unknown[] => texts.map((text) => JSON.parse(text) as unknown);
const rows = await round();
const [ours = 0, parsed = 0] = await best([round, bare]);
tell(
  `a round of ${venues.length}: ${texts.length} answers, ${kilobytes} kB, ${rows} rows`,
  `${ours.toFixed(1)} ms, ${(ours / parsed).toFixed(2)} x JSON.parse of them`,
);
// All that is allocated is the most that it can hold at once, whenever its garbage is collected.
const [heap, bareHeap] = [await leastOf(round), await leastOf(bare)];
tell('memory of the round, nothing of it collected', `${heap.toFixed(1)} MB, ${(heap / bareHeap).toFixed(2)} x JSON.parse of them`);

for (const one of polled) {
  const own = [...one.answers.values()];
  const works: (() => unknown)[] = [one.poll, () => own.map((text) => JSON.parse(text) as unknown)];
  const [mine = 0, plain = 0] = await best(works);
  tell(`${one.venue.name}: ${one.symbols.length} rows`, `${mine.toFixed(2)} ms, ${(mine / plain).toFixed(2)} x JSON.parse of them`);
}
/** Sums of ms: of ccxt, of our rounds, of JSON.parse of the lists that ccxt reads. */
const all = { theirs: 0, ours: 0, parse: 0 };
/** Of the venues whose round is that one list, so that both read the same bytes. */
const alike = { theirs: 0, ours: 0, parse: 0 };
for (const one of polled) {
  const through = await throughCcxt(one);
  if (through === null) {
    console.log(`${one.venue.name} through ccxt: it reads another list than we do (${OTHER_LISTS[one.venue.id] ?? 'none at all'})`);
    continue;
  }
  if ((await through.read()) < one.symbols.length / 3) throw new Error(`ccxt reads few of the rows of ${one.venue.id}`);
  const [theirs = 0, mine = 0, plain = 0] = await best([through.read, one.poll, () => JSON.parse(through.text) as unknown]);
  for (const sum of one.answers.size === 1 ? [all, alike] : [all]) {
    sum.theirs += theirs;
    sum.ours += mine;
    sum.parse += plain;
  }
  tell(
    `${one.venue.name} through ccxt, the list of rates alone`,
    `${theirs.toFixed(2)} ms, ${(theirs / plain).toFixed(1)} x JSON.parse of it`,
  );
}
const compare = (what: string, { theirs, ours: mine, parse }: typeof all): void => {
  tell(
    what,
    `${(theirs / mine).toFixed(1)} x reference (${theirs.toFixed(1)} and ${mine.toFixed(1)} ms; JSON.parse of the lists ${parse.toFixed(1)} ms)`,
  );
};
compare('ccxt beside us, of venues where both read the one list of rates', alike);
compare('ccxt for the lists of rates beside our whole rounds of the same venues', all);
tell(
  'the most that ccxt can be behind a reader that takes 3 x JSON.parse of the same lists',
  `${(all.theirs / (3 * all.parse)).toFixed(1)} x (it takes ${(all.theirs / all.parse).toFixed(1)} x JSON.parse; 5 x behind would be ${(all.theirs / 5 / all.parse).toFixed(1)} x)`,
);
