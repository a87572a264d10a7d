import { NO_SERVICE } from '#test/support/no-service.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { type AssetClass, newInstrument } from '#domain/instrument.ts';
import type { Cancellation, Clock } from '#core/ports/clock.ts';
import type { HttpRequest, HttpResponse } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import type { ContractTerms, Counted } from '#domain/amounts.ts';
import { levelsInBase, sizeOf } from '#node/venues/common/amounts.ts';
import { readCandles, readSettled, walkForward, walkPrices } from '#node/venues/common/paging.ts';
import { asRow, malformed, readNumber, readTime, type Row } from '#node/venues/common/read.ts';
import type { HourlyPrice, OrderRules, VenuePoll, OpenInterest, OrderBook, SettledRow, Venue, VenueIo } from '#core/venue.ts';

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
  /** What polls say of it, where that is another. */
  statedH?(t: number): number;
  readonly settle?: string;
  readonly quote?: string;
  /** An inverse one settles in its asset. */
  readonly contract?: 'linear' | 'inverse';
  readonly contractSize?: number | null;
  readonly assetClass?: AssetClass;
  /** What its open interest, volume and order book are counted in. */
  readonly counted?: Counted;
  /** As counted, at a time; 1,000 units where it is not said. */
  openInterest?(t: number): number | null;
  readonly volume?: number;
  readonly rules?: Partial<OrderRules>;
  readonly mark?: number;
  readonly index?: number;
  /** The venue's own premium at a time, where it states one. */
  premium?(t: number): number | null;
  /** Largest rate of a payment at a time; the least is its negative. */
  cap?(t: number): number | null;
  /** Interest per 8 h that the venue states at a time; 0.01 % where it is not said, null: it states none. */
  interest?(t: number): number | null;
  /** How old the row says to be at a time, ms. */
  ageMs?(t: number): number;
  /** Size of every bid level at a time; ask levels hold 10. */
  bids?(t: number): number;
}

/** A settlement or the close of an hour. */
export type PaperRow = Partial<SettledRow & HourlyPrice>;

/**
 * An exchange on paper: its own small wire format behind the Http port, a market that a test writes, a log of what was
 * asked and when. `createPaperVenue` is the venue that speaks it.
 */
export class PaperMarket {
  readonly instruments = new Map<string, PaperInstrument>();
  readonly requests: { readonly path: string; readonly at: number }[] = [];
  /** How each of them was to leave this machine. */
  readonly proxies: string[] = [];
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
  /** Polls state the last settlement of each instrument. */
  statesSettled = false;
  oldestAt = -Infinity;
  /** Where that says something else than `oldestAt`: from when on settlements are served. */
  servedFrom: number | null = null;
  /** How old the newest settlement and candle of an answer is at least: a venue whose history lags. */
  behindMs = 0;
  /** What becomes of a row of history before it is sent; null: it is left out. Prices and settlements pass it. */
  spoil: (row: PaperRow, symbol: string) => unknown = (row) => row;
  /** What becomes of all rows of an answer of history before they are sent; `of`: what was asked, but for the times. */
  page: (rows: readonly unknown[], of: string) => readonly unknown[] = (rows) => rows;
  /** Rows of one answer. */
  pageRows: (symbol: string) => number = () => PAGE;
  /** Venue clock minus wall, ms; null: it does not say its time. */
  clockAheadMs: number | null = 0;
  readonly #clock: Clock;
  /** What the wall shows where this machine was not tampered with. */
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
    this.proxies.push(request.proxy);
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
          settle: one.settle ?? (one.contract === 'inverse' ? one.asset : 'USDT'),
          quote: one.quote ?? one.settle ?? (one.contract === 'inverse' ? 'USD' : 'USDT'),
          contract: one.contract ?? 'linear',
          contractSize: one.contractSize === undefined ? 1 : one.contractSize,
          assetClass: one.assetClass ?? null,
          counted: one.counted ?? 'base',
          openInterest: one.openInterest ? one.openInterest(now) : symbol === 'NOOIUSDT' ? null : 1000,
          volume: one.volume ?? 1_000_000,
          rate: one.rate(now),
          intervalH: one.statedH?.(now) ?? one.intervalH(now),
          next: nextSettlement(one, now),
          cap: one.cap?.(now) ?? null,
          interest: one.interest ? one.interest(now) : 0.0001,
          mark: one.mark ?? 100,
          index: one.index ?? null,
          ...(one.premium && { premium: one.premium(now) }),
          ageMs: one.ageMs?.(now) ?? 0,
          spoilt: this.spoilt.has(symbol),
          ...(this.statesSettled && { settled: settlements(one, now - 25 * HOUR, now).at(-1) }),
        }));
      return { time: this.clockAheadMs === null ? null : now + this.clockAheadMs, rows, closed: [...this.closed] };
    }
    const symbol = input['symbol'] ?? '';
    const one = this.instruments.get(symbol);
    if (name === '/rules' && one)
      return { ...PAPER_RULES, ...(typeof one.contractSize === 'number' && { contractSize: String(one.contractSize) }), ...one.rules };
    if (name === '/interest' && one) return { amount: 2500, counted: one.counted ?? 'base', at: now - 1000 };
    if (name === '/book' && one) return paperBook(one, now);
    const [from, to] = [Number(input['from']), Number(input['to'])];
    if (!one) return [];
    if (name === '/oldest') return this.oldestAt;
    const until = Math.min(to, now - this.behindMs);
    const sent = (rows: readonly PaperRow[]): readonly unknown[] => {
      const spoilt = rows.flatMap((row) => this.spoil(row, symbol) ?? []);
      return this.page(spoilt, `${name} ${symbol}`).slice(0, this.pageRows(symbol));
    };
    if (name === '/settled')
      return sent(settlements(one, Math.max(from, (this.servedFrom ?? this.oldestAt) - 1), Math.min(until, now - this.publishedAfterMs)));
    const closes = [];
    for (let t = Math.floor(from / HOUR) * HOUR + HOUR; t <= until; t += HOUR)
      closes.push({ close: t, mark: one.mark ?? 100, index: null, last: null });
    return sent(closes);
  }
}

export const PAPER_RULES: OrderRules = {
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
type PaperBook = OrderBook & { readonly counted: Counted; readonly terms: ContractTerms };

function paperBook(one: PaperInstrument, t: number): PaperBook {
  const mark = one.mark ?? 100;
  const side = (sign: 1 | -1, size: number) =>
    Array.from({ length: 20 }, (_, i) => [(mark * (1 + sign * 0.0005 * (i + 0.5))).toFixed(4), String(size)] as const);
  const terms = { contract: one.contract ?? 'linear', contractSize: one.contractSize === undefined ? 1 : one.contractSize };
  return { bids: side(-1, one.bids?.(t) ?? 10), asks: side(1, 10), at: t, counted: one.counted ?? 'base', terms };
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

const nameOf = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);
const cost = (poll: boolean) => (poll ? { weight: 10 } : { weight: 1 });

/** Speaks the paper wire and reads its history as the venues' files do; a second market where `host` is another's id. */
export function createPaperVenue(id: string, limit: number, host = id): Venue {
  const ask = async (io: VenueIo, path: string): Promise<unknown> => JSON.parse(await io.request({ path, cost: cost(path === '/market') }));
  const rowsOf = async (io: VenueIo, kind: string, symbol: string, from: number, to: number): Promise<Row[]> => {
    const rows = (await ask(io, `/${kind}?symbol=${symbol}&from=${from}&to=${to}`)) as unknown[];
    return rows.map((row) => asRow(row) ?? {});
  };
  return {
    id,
    name: nameOf(id),
    url: host === id ? `https://${id}.example` : `https://${host}.example/market-of/${id}`,
    hue: 200,
    onByDefault: true,
    formula: formulaOf(id),
    fees: null,
    service: NO_SERVICE,
    host: { id: host, name: nameOf(host), limits: [{ bucket: 'weight', max: limit, perMs: 60_000 }] },
    async poll(io): Promise<VenuePoll> {
      const answer = (await ask(io, '/market')) as {
        time: number | null;
        rows: {
          symbol: string;
          asset: string;
          settle: string;
          quote: string;
          contract: 'linear' | 'inverse';
          contractSize: number | null;
          assetClass: AssetClass | null;
          counted: Counted;
          openInterest: number | null;
          volume: number;
          index: number | null;
          premium?: number | null;
          rate: number;
          intervalH: number;
          next: number;
          mark: number;
          cap: number | null;
          interest: number | null;
          ageMs: number;
          spoilt: boolean;
          settled?: SettledRow;
        }[];
        closed: string[];
      };
      const { time, closed } = answer;
      const rows = answer.rows.filter((row) => !row.spoilt);
      return {
        venueTime: time,
        refused: answer.rows.filter((row) => row.spoilt).map(({ symbol }) => ({ symbol, reason: 'no rate' })),
        closed,
        settled: rows.flatMap(({ symbol, settled }) =>
          settled === undefined ? [] : [{ symbol, stamp: settled.stamp, rate: settled.rate }],
        ),
        instruments: rows.map(({ symbol, asset, settle, quote, contract, contractSize, assetClass }) =>
          newInstrument({ venue: id, symbol, asset, quote, settle, contract, contractSize, assetClass }),
        ),
        snapshots: rows.map(({ symbol, rate, intervalH, next, mark, index, premium, cap, interest, ageMs, ...one }) => ({
          symbol,
          ...(ageMs > 0 && { ageMs }),
          rate,
          intervalH,
          nextFundingAt: next,
          mark,
          index,
          ...(premium !== undefined && { premium }),
          ...sizeOf(one, mark, {
            openInterest: { amount: one.openInterest, counted: one.counted },
            // The day's volume of a linear instrument is told in quote money.
            volume24h: { amount: one.volume, counted: one.contract === 'linear' ? 'quote' : one.counted },
          }),
          interestPer8h: interest,
          cap,
          floor: cap === null ? null : -cap,
        })),
      };
    },
    async oldest(io, symbol) {
      const at = await ask(io, `/oldest?symbol=${symbol}`);
      if (at !== null && typeof at !== 'number') throw malformed(id, 'the oldest settlement has no time');
      return at;
    },
    settled: (io, symbol, from, to) =>
      walkForward({
        venue: id,
        symbol,
        from,
        to,
        limit: PAGE,
        now: () => io.now,
        ask: async (start, end) =>
          readSettled(id, symbol, await rowsOf(io, 'settled', symbol, start - 1, end), io.now, (row) => ({
            symbol,
            stamp: row['stamp'],
            rate: readNumber(row['rate']),
            intervalH: readNumber(row['intervalH']),
            mark: readNumber(row['mark']),
            premium: readNumber(row['premium']),
          })),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: 0,
        to,
        hoursPerPage: PAGE,
        now: () => io.now,
        ask: async (window) => ({
          mark: readCandles(id, symbol, await rowsOf(io, 'prices', symbol, window.firstOpen, window.lastOpen + HOUR), window, (candle) => ({
            open: (readTime(asRow(candle)?.['close']) ?? NaN) - HOUR,
            price: readNumber(asRow(candle)?.['mark']),
            others: [null, null, null],
          })),
        }),
      }),
    orderRules: async (io, symbol) => (await ask(io, `/rules?symbol=${symbol}`)) as OrderRules,
    async book(io, symbol) {
      const { counted, terms, ...book } = (await ask(io, `/book?symbol=${symbol}`)) as PaperBook;
      const side = (levels: OrderBook['bids']): OrderBook['bids'] => levelsInBase(id, symbol, levels, counted, terms);
      return { ...book, bids: side(book.bids), asks: side(book.asks) };
    },
    openInterest: async (io, symbol) => (await ask(io, `/interest?symbol=${symbol}`)) as OpenInterest,
    bookCost: { weight: 1 },
  };
}
