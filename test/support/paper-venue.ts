import type { Cancellation, Clock, HttpRequest, HttpResponse } from '#core/ports.ts';
import { HttpError } from '#core/venue-error.ts';
import type { HourlyPrice, InstrumentRules, MarketPoll, OpenInterest, OrderBook, SettledRow, Venue, VenueIo } from '#core/venue.ts';

const HOUR = 3_600_000;
const PAGE = 500;

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly kind: 'network' }
  /** No answer at all until the deadline. */
  | { readonly kind: 'hang' };

export interface PaperInstrument {
  readonly asset: string;
  /** Rate per interval at a time; a settlement at t pays the rate at t. */
  rate(t: number): number;
  intervalH(t: number): number;
  readonly settle?: 'USDT' | 'USDC';
  readonly mark?: number;
  /** Largest rate of a payment at a time; the least is its negative. */
  cap?(t: number): number | null;
  /** How old the row says to be at a time, ms. */
  ageMs?(t: number): number;
  /** Size of every bid level at a time; ask levels hold 10. */
  bids?(t: number): number;
}

/**
 * An exchange on paper: its own small wire format behind the Http port, a market that a test writes, a log of what was
 * asked and when. `createPaperVenue` is the venue that speaks it.
 */
export class PaperMarket {
  readonly instruments = new Map<string, PaperInstrument>();
  readonly requests: { readonly path: string; readonly at: number }[] = [];
  fault: Fault | null = null;
  /** Faults for paths that begin so; `fault` is for all. */
  readonly faults = new Map<string, Fault>();
  /** Symbols that polls leave out. */
  readonly hidden = new Set<string>();
  /** Symbols whose rows cannot be read. */
  readonly spoilt = new Set<string>();
  /** Symbols that the venue says do not trade any more. */
  readonly closed = new Set<string>();
  /** How long after its time a settlement can be asked for. */
  publishedAfterMs = 2_000;
  latencyMs = 0;
  oldestAt = -Infinity;
  /** Venue clock minus wall, ms; null: it does not say its time. */
  clockAheadMs: number | null = 0;
  readonly #clock: Clock;
  /** What the wall shows when nobody has tampered with this machine. */
  trueTime: () => number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.trueTime = () => clock.now();
  }

  list(symbol: string, instrument: Partial<PaperInstrument> & { asset: string }): void {
    this.instruments.set(symbol, { rate: () => 0.0001, intervalH: () => 8, ...instrument });
  }
  /** Requests of a path since a time. */
  count(path: string, since = -Infinity): number {
    return this.requests.filter((request) => request.path.startsWith(path) && request.at >= since).length;
  }

  async answer(request: HttpRequest, path: string, signal?: Cancellation): Promise<HttpResponse> {
    this.requests.push({ path, at: this.#clock.now() });
    const fault = this.fault ?? [...this.faults].find(([prefix]) => path.startsWith(prefix))?.[1] ?? null;
    if (fault?.kind === 'hang') await this.#wait(request.deadlineMs * this.#clock.speed, signal, new HttpError('timeout', 'no answer'));
    if (this.latencyMs > 0) await this.#wait(this.latencyMs, signal, null);
    if (fault?.kind === 'network') throw new HttpError('network', 'ECONNREFUSED');
    if (fault?.kind === 'status') return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
    return { status: 200, headers: {}, body: JSON.stringify(this.#body(path)) };
  }

  #wait(ms: number, signal: Cancellation | undefined, end: HttpError | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(ms, () => {
        if (end) reject(end);
        else resolve();
      });
      signal?.addEventListener('abort', () => {
        stop();
        reject(new HttpError('cancelled', 'cancelled'));
      });
    });
  }
  #body(path: string): unknown {
    const [name, query = ''] = path.split('?');
    const input = Object.fromEntries(query.split('&').map((part) => part.split('='))) as Record<string, string>;
    const now = this.trueTime();
    if (name === '/market') {
      const rows = [...this.instruments]
        .filter(([symbol]) => !this.hidden.has(symbol) && !this.closed.has(symbol))
        .map(([symbol, one]) => ({
          symbol,
          asset: one.asset,
          settle: one.settle ?? 'USDT',
          rate: one.rate(now),
          intervalH: one.intervalH(now),
          next: nextSettlement(one, now),
          cap: one.cap?.(now) ?? null,
          mark: one.mark ?? 100,
          ageMs: one.ageMs?.(now) ?? 0,
          spoilt: this.spoilt.has(symbol),
        }));
      return { time: this.clockAheadMs === null ? null : now + this.clockAheadMs, rows, closed: [...this.closed] };
    }
    const one = this.instruments.get(input['symbol'] ?? '');
    if (name === '/rules' && one) return PAPER_RULES;
    if (name === '/interest' && one) return { amount: 2500, at: now - 1000 };
    if (name === '/book' && one) return paperBook(one, now);
    const [from, to] = [Number(input['from']), Number(input['to'])];
    if (!one) return [];
    if (name === '/oldest') return this.oldestAt;
    if (name === '/settled')
      return settlements(one, Math.max(from, this.oldestAt - 1), Math.min(to, now - this.publishedAfterMs)).slice(0, PAGE);
    const closes = [];
    for (let t = Math.floor(from / HOUR) * HOUR + HOUR; t <= Math.min(to, now); t += HOUR)
      closes.push({ close: t, mark: one.mark ?? 100, index: null, last: null });
    return closes.slice(0, PAGE);
  }
}

export const PAPER_RULES: InstrumentRules = {
  lotStep: '0.001',
  minQuantity: '0.001',
  maxQuantity: null,
  tickSize: '0.01',
  minNotional: '5',
  maxNotional: null,
  contractSize: '1',
  maxLeverage: '50',
  maintenance: { kind: 'flat', rate: '0.005' },
  liquidationFee: null,
  notes: [],
};

/** Twenty levels a side, 0.05 % apart. */
function paperBook(one: PaperInstrument, t: number): OrderBook {
  const mark = one.mark ?? 100;
  const side = (sign: 1 | -1, size: number) =>
    Array.from({ length: 20 }, (_, i) => [(mark * (1 + sign * 0.0005 * (i + 0.5))).toFixed(4), String(size)] as const);
  return { bids: side(-1, one.bids?.(t) ?? 10), asks: side(1, 10), at: t };
}

function nextSettlement(one: PaperInstrument, now: number): number {
  let t = Math.floor(now / HOUR) * HOUR + HOUR;
  while (t % (one.intervalH(t - 1) * HOUR) !== 0) t += HOUR;
  return t;
}

function settlements(one: PaperInstrument, from: number, to: number): SettledRow[] {
  const rows: SettledRow[] = [];
  for (let t = Math.floor(from / HOUR) * HOUR + HOUR; t <= to; t += HOUR) {
    if (t % (one.intervalH(t - 1) * HOUR) === 0) rows.push({ stamp: t, rate: one.rate(t), intervalH: null, mark: null, premium: null });
  }
  return rows;
}

const cost = (poll: boolean) => (poll ? { weight: 10 } : { weight: 1 });

/** Speaks the paper wire; pages forwards, proves what it was told. */
export function createPaperVenue(id: string, limit: number): Venue {
  const ask = async (io: VenueIo, path: string): Promise<unknown> => JSON.parse(await io.request({ path, cost: cost(path === '/market') }));
  async function* pages<T>(io: VenueIo, kind: string, symbol: string, from: number, to: number, timeOf: (row: T) => number) {
    for (let start = from; ;) {
      const rows = (await ask(io, `/${kind}?symbol=${symbol}&from=${start}&to=${to}`)) as T[];
      const last = rows.at(-1);
      const whole = rows.length < PAGE;
      const end = whole ? Math.max(last === undefined ? start : timeOf(last), Math.min(to, io.now - 300_000)) : timeOf(last as T);
      yield { rows, proven: end > start ? { from: start, to: end } : null, refused: [] };
      if (whole) return;
      start = end;
    }
  }
  return {
    id,
    name: id.charAt(0).toUpperCase() + id.slice(1),
    url: `https://${id}.example`,
    limits: [{ bucket: 'weight', max: limit, perMs: 60_000 }],
    async poll(io): Promise<MarketPoll> {
      const answer = (await ask(io, '/market')) as {
        time: number | null;
        rows: {
          symbol: string;
          asset: string;
          settle: string;
          rate: number;
          intervalH: number;
          next: number;
          mark: number;
          cap: number | null;
          ageMs: number;
          spoilt: boolean;
        }[];
        closed: string[];
      };
      const { time, closed } = answer;
      const rows = answer.rows.filter((row) => !row.spoilt);
      return {
        venueTime: time,
        refused: answer.rows.filter((row) => row.spoilt).map(({ symbol }) => ({ symbol, reason: 'no rate' })),
        closed,
        instruments: rows.map(({ symbol, asset, settle }) => ({
          id: `${id}:${symbol}`,
          venue: id,
          symbol,
          asset,
          quote: settle,
          settle,
          contract: 'linear',
          multiplier: 1,
        })),
        snapshots: rows.map(({ symbol, rate, intervalH, next, mark, cap, ageMs }) => ({
          symbol,
          ...(ageMs > 0 && { ageMs }),
          rate,
          intervalH,
          nextFundingAt: next,
          mark,
          index: null,
          openInterest: symbol === 'NOOIUSDT' ? null : 1000,
          volume24h: 1_000_000,
          interestPer8h: 0.0001,
          cap,
          floor: cap === null ? null : -cap,
        })),
      };
    },
    oldest: async (io, symbol) => (await ask(io, `/oldest?symbol=${symbol}`)) as number,
    settled: (io, symbol, from, to) => pages<SettledRow>(io, 'settled', symbol, from, to, (row) => row.stamp),
    prices: (io, symbol, from, to) => pages<HourlyPrice>(io, 'prices', symbol, from, to, (row) => row.close),
    rules: async (io, symbol) => (await ask(io, `/rules?symbol=${symbol}`)) as InstrumentRules,
    book: async (io, symbol) => (await ask(io, `/book?symbol=${symbol}`)) as OrderBook,
    openInterest: async (io, symbol) => (await ask(io, `/interest?symbol=${symbol}`)) as OpenInterest,
    bookCost: { weight: 1 },
  };
}
