import fc from 'fast-check';
import type { VenuePoll, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { isPremium, isRate } from '#domain/bounds.ts';
import { createVenues } from '#node/venues/index.ts';
import { hasRecordings, sample } from '#test/support/bodies.ts';
import { spoil } from '#test/support/spoilt-body.ts';
import { createIo, DAY, NOW, sure, VENUES } from '../unit/node/demo/support.ts';

const METHODS = ['poll', 'oldest', 'settled', 'prices', 'orderRules', 'book', 'openInterest'] as const;
type Method = (typeof METHODS)[number];
const SYMBOLS: Readonly<Record<string, string>> = {
  binance: 'BTCUSDT',
  'binance-coin-m': 'BTCUSD_PERP',
  bybit: 'BTCUSDT',
  'bybit-inverse': 'BTCUSD',
  hyperliquid: 'BTC',
  'hyperliquid-hip3': 'xyz:BTC',
  okx: 'BTC-USDT-SWAP',
  kucoin: 'XBTUSDTM',
  bitget: 'BTCUSDT',
  gate: 'BTC_USDT',
  mexc: 'BTC_USDT',
  aster: 'BTCUSDT',
  kraken: 'PF_XBTUSD',
  bingx: 'BTC-USDT',
  coinex: 'BTCUSDT',
  woo: 'PERP_BTC_USDT',
  backpack: 'BTC_USDC_PERP',
  dydx: 'BTC-USD',
  bitmex: 'XBTUSD',
  deribit: 'BTC-PERPETUAL',
  paradex: 'BTC-USD-PERP',
  lighter: 'BTC',
};
/** A walk is left after so many pages, as the app may leave it at any. */
const PAGES = 12;
/** Answers that one question may take: halving eight years, or a page of each kind. */
const MOST_REQUESTS = 60;
/** Where each hour of a page is a question of its own. */
const MOST_OF: Readonly<Record<string, number>> = { paradex: 600 };
/** So many times what JSON.parse takes of the same text, and of a text of 30,000 characters for what does not grow. */
const MOST = 60;
const LEAST_CHARS = 30_000;

/** Recorded answers instead of the demo's, where there are. */
const RECORDED: Readonly<Record<string, readonly [venue: string, method: string]>> = {
  '/fapi/v1/premiumIndex': ['binanceusdm', 'fetchFundingRates'],
  '/v5/market/tickers': ['bybit', 'fetchFundingRates'],
};
function recorded(path: string): string | null {
  const at = RECORDED[path.split('?')[0] ?? ''];
  if (at === undefined || !hasRecordings) return null;
  return sample(...at);
}

interface Served {
  readonly io: VenueIo;
  readonly texts: string[];
  /** What making the answers took. */
  readonly servedMs: () => number;
}

/** What this thread has computed, ms: however busy the machine is, waiting for a core is not in it. */
function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The demo's wire, one answer of which is spoilt; asked too often, it says so. */
function serve(base: VenueIo, spoilt: number, change: (body: string) => string, useRecorded: boolean, most: number): Served {
  const texts: string[] = [];
  let servedMs = 0;
  const request = async (asked: VenueRequest): Promise<string> => {
    if (texts.length >= most) throw new Error(`${asked.path} is asked for without end`);
    const from = computedMs();
    const good = (useRecorded ? recorded(asked.path) : null) ?? (await base.request(asked));
    const text = texts.length === spoilt || spoilt < 0 ? change(good) : good;
    texts.push(text);
    servedMs += computedMs() - from;
    return text;
  };
  return { io: { now: NOW, request }, texts, servedMs: () => servedMs };
}

async function answer(venue: Venue, method: Method, io: VenueIo, symbol: string): Promise<unknown> {
  if (method === 'poll') return venue.poll(io);
  if (method === 'settled' || method === 'prices') {
    const pages: unknown[] = [];
    for await (const page of venue[method](io, symbol, NOW - 40 * DAY, NOW)) if (pages.push(page) >= PAGES) break;
    return pages;
  }
  if (method === 'openInterest') return venue.openInterest?.(io, symbol);
  return venue[method](io, symbol);
}

const PRINTED = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u;

/** What is wrong with an answer: a number that is none, a text that is long or moves a cursor, a list without end. */
function flawOf(value: unknown, path = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} is ${value}`;
  // A note is a sentence for the person and, on a line of its own, words for the log.
  if (typeof value === 'string' && path.startsWith('.notes.') && value.includes('\n'))
    return (
      value
        .split('\n')
        .map((line) => flawOf(line, path))
        .find((flaw) => flaw !== null) ?? null
    );
  if (typeof value === 'string')
    return value.length <= 400 && PRINTED.test(value) ? null : `${path} is ${JSON.stringify(value.slice(0, 80))}`;
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value) && value.length > 45_000) return `${path} has ${value.length} rows`;
  for (const [key, item] of Object.entries(value)) {
    const flaw = flawOf(item, `${path}.${key}`);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfPoll({ snapshots, instruments }: VenuePoll): string | null {
  for (const { symbol, rate, intervalH, mark, index, premium } of snapshots) {
    if (!isRate(rate, intervalH)) return `${symbol}: rate ${rate} per ${intervalH} h`;
    if ((mark ?? 1) <= 0 || (index ?? 1) <= 0) return `${symbol}: mark ${mark}, index ${index}`;
    if (premium !== undefined && premium !== null && !isPremium(premium)) return `${symbol}: premium ${premium}`;
  }
  const names = instruments.flatMap(({ symbol, asset, quote, settle }) => [symbol, asset, quote, settle]);
  return (
    names.find((name) => name.length > 40) ?? (new Set(instruments.map(({ id }) => id)).size < instruments.length ? 'a symbol twice' : null)
  );
}

const msOf = (text: string): number => {
  const from = performance.now();
  try {
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return performance.now() - from;
};
const rows = JSON.stringify(Array.from({ length: 1000 }, (_, n) => ({ symbol: `C${n}`, rate: `0.000${n}`, time: NOW })));
/** Of JSON.parse per character; the best of some, for the machine may be busy. */
const parseMs = Math.min(...Array.from({ length: 20 }, () => msOf(rows))) / rows.length;

/** Spoils `runs` answers of every question of every venue; throws at the first that is not a good answer or a VenueError, in good time. */
export async function fuzzParsers({ runs, seed }: { runs: number; seed: number }): Promise<{ read: number; refused: number }> {
  let [read, refused] = [0, 0];
  for (const id of VENUES) {
    const base = createIo(1, id);
    for (const method of METHODS) {
      const property = fc.asyncProperty(spoil, fc.integer({ min: -1, max: 2 }), fc.boolean(), async (change, spoilt, useRecorded) => {
        let told: unknown = null;
        const timed = async (): Promise<{ ms: number; chars: number }> => {
          const venue = createVenues().find((one) => one.id === id);
          if (venue === undefined) throw new Error(`no venue ${id}`);
          const { io, texts, servedMs } = serve(base, spoilt, change, useRecorded, MOST_OF[id] ?? MOST_REQUESTS);
          const from = computedMs();
          told = await answer(venue, method, io, sure(SYMBOLS[id])).catch((error: unknown) => error);
          return { ms: computedMs() - from - servedMs(), chars: texts.reduce((sum, text) => sum + text.length, 0) };
        };
        const isSlow = ({ ms, chars }: { ms: number; chars: number }): boolean => ms > MOST * parseMs * (chars + LEAST_CHARS);
        // Once more: what is not compiled yet, or is swept meanwhile, takes longer.
        for (let tries = 1; isSlow(await timed()); tries++) if (tries === 4) throw new Error(`${id} ${method}: too slow for its length`);
        if (told instanceof VenueError) {
          refused += 1;
          const flaw = flawOf({ user: told.user, message: told.message });
          if (flaw !== null) throw new Error(`${id} ${method}: its error: ${flaw}`);
          return;
        }
        if (told instanceof Error) throw told;
        read += 1;
        const flaw = flawOf(told) ?? (method === 'poll' ? flawOfPoll(told as VenuePoll) : null);
        if (flaw !== null) throw new Error(`${id} ${method}: ${flaw}`);
      });
      await fc.assert(property, { numRuns: runs, seed });
    }
  }
  return { read, refused };
}

if (process.argv[1] === import.meta.filename) {
  const runs = Number(process.argv[2] ?? 3000);
  console.log(await fuzzParsers({ runs, seed: Number(process.argv[3] ?? 1) }));
}
