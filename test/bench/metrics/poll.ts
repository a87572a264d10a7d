import { formulaOf } from '#test/support/formulas.ts';
import type { HourColumns, SettledColumns } from '#domain/columns.ts';
import { type Instrument, newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { createMetricColumns } from '#core/read/metrics/metric-columns.ts';
import { createKeptRows } from '#core/read/kept-rows.ts';
import { createMetricSource } from '#core/read/metrics/metric-source.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import type { Snapshot } from '#core/venue.ts';
import { createListings } from '#core/listings.ts';
import { bareYear, inMs, random, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';
import { unseen } from '#test/support/unseen.ts';
import { kept } from '#test/support/kept.ts';

/** A poll of the whole market with every instrument watched: from the venues' answers to the last cell of the list. */
const POLLED = isShort ? 100 : 5000;
const next = random(7);

/** Twelve columns that a desk may well have chosen: of one instrument, of its settlements, across its venues. */
const CHOSEN = [
  'funding',
  'ema-divergence',
  'premium',
  'annualised-premium',
  'funding-money',
  'mean-funding',
  'signal',
  'spike',
  'score',
  'cumulative-funding',
  'spread',
  'skew',
];
const BENCH_VENUES = ['binance', 'bybit', 'hyperliquid'];
const WARM_HOURS = 80;

/** The app's own columns over instruments of three venues that were walked already; each call is a poll of all of them. */
async function livePolls(columns: readonly string[]): Promise<{ poll(): Promise<number>; stop(): Promise<void> }> {
  const listings = createListings();
  const start = Date.UTC(2026, 0, 1);
  const closed = start + WARM_HOURS * HOUR_MS;
  let now = closed + 60_000;
  const listed = Array.from({ length: POLLED }, (_, i): Instrument => {
    const venue = BENCH_VENUES[i % BENCH_VENUES.length]!;
    const asset = `A${Math.floor(i / BENCH_VENUES.length)}`;
    const symbol = `${asset}USDT`;
    return newInstrument({ venue, symbol, asset, quote: 'USDT', settle: 'USDT' });
  });
  const answers = (): void => {
    now += 30_000;
    for (const venue of BENCH_VENUES) {
      const instruments = listed.filter((one) => one.venue === venue);
      const snapshots = instruments.map(({ symbol }): Snapshot => {
        const index = 100 + next();
        const [rate, mark] = [1e-4 + 1e-5 * next(), index * (1 + 1e-4 * next())];
        return {
          symbol,
          rate,
          intervalH: 8,
          nextFundingAt: closed + 8 * HOUR_MS,
          mark,
          index,
          openInterest: 1000,
          volume24h: 1e6,
          interestPer8h: 1e-4,
        };
      });
      const poll = { venueTime: now, instruments, snapshots, refused: [] };
      listings.apply(venue, poll, now, listings.compare(venue, poll, now));
    }
  };
  const hoursOf = (every: number): Float64Array =>
    Float64Array.from({ length: WARM_HOURS / every }, (_, i) => start + (i + 1) * every * HOUR_MS);
  const [key, close] = [hoursOf(8), hoursOf(1)];
  const of = (times: Float64Array, value: () => number): Float64Array => times.map(value);
  const settled: SettledColumns = {
    key,
    stamp: key,
    learntAt: key,
    rate: of(key, () => 1e-4 + 1e-5 * next()),
    intervalH: of(key, () => 8),
    mark: of(key, () => 100 + next()),
    premium: of(key, () => NaN),
  };
  const steady = of(close, () => 100);
  const hours: HourColumns = {
    close,
    observedAt: close,
    rate: of(close, () => 1e-4 + 1e-5 * next()),
    intervalH: of(close, () => 8),
    mark: steady,
    index: steady,
    openInterest: steady,
    volume24h: steady,
    rateMin: steady,
    rateMax: steady,
    premium: of(close, () => 0),
    premiumMin: steady,
    premiumMax: steady,
    coverage: of(close, () => 1),
    nextFundingAt: of(close, () => NaN),
    interestPer8h: of(close, () => 1e-4),
    cap: of(close, () => NaN),
    floor: of(close, () => NaN),
  };
  const none = new Float64Array();
  const thread = createSharedThread({ now: () => now, monotonic: () => performance.now(), speed: 1, after: () => () => undefined }, () =>
    Promise.resolve(),
  );
  const source = createMetricSource({
    rows: createKeptRows({ monotonic: () => performance.now(), speed: 1 }),
    formulaOf,
    clock: { now: () => now, monotonic: () => performance.now(), speed: 1, after: () => () => undefined },
    store: {
      settled: () => Promise.resolve(settled),
      settledSeen: unseen(() => Promise.resolve(settled)),
      hours: () => Promise.resolve(kept(hours)),
      prices: () => Promise.resolve({ close: none, mark: none, index: none, last: none, learntAt: none }),
      snapshots: () => Promise.reject(new Error('not asked for')),
      books: () => Promise.reject(new Error('not asked for')),
      terms: () => Promise.resolve([]),
      interest: () => Promise.resolve({ at: none, value: none, learntAt: none }),
    },
    listings,
    live: { view: () => null, closedTo: () => closed },
    instrument: (id) => listings.get(id)!.instrument,
    now: () => now,
    pollMs: () => 30_000,
    book: () => null,
    venues: BENCH_VENUES,
    list: () => [],
  });
  let told = 0;
  answers();
  const shown = createMetricColumns({
    clock: { monotonic: () => performance.now(), speed: 1 },
    thread,
    source,
    reporter: { failed: (what, error) => console.error(what, error) },
    shown: () => columns.map((metric) => ({ id: metric, choice: { metric, params: {} }, list: null })),
    onCells(ids) {
      told += [...ids].length;
    },
  });
  const ids = listed.map(({ id }) => id);
  const idle = async (): Promise<void> => {
    for (let before = -1; told !== before;) {
      before = told;
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  shown.follow(new Set(ids));
  while (ids.some((id) => Object.values(shown.cells(id)).some(({ reason }) => reason === 'waiting'))) await idle();
  return {
    /** Ms of processor time from the poll's answer to the last cell. */
    async poll() {
      answers();
      const from = process.cpuUsage();
      shown.touch(ids);
      await idle();
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1000;
    },
    stop: () => shown.stop(),
  };
}

const bareCell = bareYear() / 8760;
for (const columns of [CHOSEN.slice(0, 6), CHOSEN]) {
  const polls = await livePolls(columns);
  let best = Infinity;
  for (let i = 0; i < (isShort ? 2 : 40); i++) best = Math.min(best, await polls.poll());
  await polls.stop();
  const cells = POLLED * columns.length;
  tell(
    `a poll of ${POLLED} instruments, ${columns.length} columns, as the app has them`,
    `${inMs(best)}, ${(best / cells / bareCell).toFixed(0)} x bare loops of D over as many cells`,
  );
}
