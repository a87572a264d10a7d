import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createListings, unknownInstrument } from '#core/listings.ts';
import { createKeptRows } from '#core/read/kept-rows.ts';
import { createMetricColumns } from '#core/read/metrics/metric-columns.ts';
import { createMetricSource } from '#core/read/metrics/metric-source.ts';
import { createPastScreen } from '#core/read/past-screen.ts';
import { SIGNAL_ROWS, SignalLine } from '#core/read/signal-line.ts';
import { createSignalLines } from '#core/read/signal-lines.ts';
import { thenOf } from '#core/read/then.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import { effectiveParams } from '#core/watchlists.ts';
import { createClock } from '#node/clock.ts';
import { openHistory } from '#node/history/open.ts';
import { bareYear, inMs, random, tell, timed } from '#test/support/bench.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { isShort } from '#test/support/short.ts';

/** The time machine with 200 rows and three columns on the screen over a stored year: the first look, then steps from hour to hour. */
const ROWS = isShort ? 10 : 200;
const HOURS = isShort ? 400 : 8760;
const START = Date.UTC(2025, 8, 1);
const END = START + HOURS * HOUR_MS;
const VENUES = ['binance', 'bybit'];
/** Of settlements, of all instruments of an asset, of the row in progress. */
const COLUMNS = ['cumulative-funding', 'spread', 'premium'].map((metric) => ({ metric, params: {} }));
const GOAL_MS = 100;
const STEPS = 5;

const watched = Array.from({ length: ROWS }, (_, i) => {
  const asset = `A${Math.floor(i / VENUES.length)}`;
  return newInstrument({ venue: VENUES[i % VENUES.length] ?? '', symbol: `${asset}USDT`, asset, quote: 'USDT', settle: 'USDT' });
});
const folder = mkdtempSync(join(tmpdir(), 'perpscope-bench-'));
const file = join(folder, 'history.sqlite');
const store = await openHistory({ file, demo: false, log: { write: () => undefined }, now: () => END });
const next = random(5);
for (let hour = 1; hour <= HOURS; hour++) {
  const observedAt = START + hour * HOUR_MS - 30_000;
  const nextFundingAt = Math.ceil(observedAt / (8 * HOUR_MS)) * 8 * HOUR_MS;
  for (const venue of VENUES) {
    const instruments = watched.filter((one) => one.venue === venue);
    const snapshots = instruments.map(({ symbol }) => {
      const index = 100 + next();
      const [rate, mark] = [1e-4 + 1e-5 * next(), index * (1 + 1e-4 * next())];
      return { symbol, rate, intervalH: 8, nextFundingAt, mark, index, openInterest: 1000 + next(), volume24h: 1e6, interestPer8h: 1e-4 };
    });
    await store.recordPoll({ venue, observedAt, pollMs: HOUR_MS, instruments, snapshots, watched: new Set() });
  }
}
for (const { id } of watched) {
  const stamps = Array.from({ length: HOURS / 8 }, (_, i) => START + (i + 1) * 8 * HOUR_MS);
  const settled = stamps.map((stamp) => ({ stamp, rate: 1e-4 + 1e-5 * next(), intervalH: 8, mark: 100, premium: null }));
  const closes = Array.from({ length: HOURS }, (_, i) => START + (i + 1) * HOUR_MS);
  const prices = closes.map((close) => ({ close, mark: 100 + next(), index: 100 + next(), last: null }));
  await store.recordSettled(id, settled, END, null);
  await store.recordPrices(id, prices, END, null);
}
await store.maintain(END);
const db = new Database(file);
// As an app learns them that runs all the year.
db.exec('UPDATE settled SET learnt_at = key + 60000; UPDATE prices SET learnt = 30000');

const settings = {
  ...defaultSettings([]),
  lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: watched.map(({ id }) => id) }],
};
const clock = createClock({ speed: 1, startAt: null });
const thread = createSharedThread(clock, nextTurn);
const reporter = { failed: (what: string, error: unknown) => console.error(what, error) };
/** What the screen of now has walked of these rows. */
const now = await walkedNow();
const screen = createPastScreen({
  clock,
  store,
  person: { at: () => Promise.resolve(settings) },
  thread,
  reporter,
  settings: () => settings,
  now: () => END,
  venues: VENUES,
  pollMs: () => 30_000,
  formulaOf,
  venueName: (id) => id,
  walked: now,
});
async function walkedNow() {
  const listings = createListings();
  listings.load(await store.instruments(), await store.latest());
  const live = { view: () => null, closedTo: () => END };
  const rows = createKeptRows(clock, 0);
  const list = () => watched.map(({ id }) => id);
  const stated = { clock, store, rows, listings, live, instrument: unknownInstrument, list, formulaOf, venues: VENUES, now: () => END };
  const source = createMetricSource({ ...stated, pollMs: () => 30_000, book: () => null });
  const lines = createSignalLines({
    params: (id) => effectiveParams(settings, id),
    newLine: (id, params) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null)),
  });
  const shown = COLUMNS.map((choice, i) => ({ id: String(i), choice, list: null }));
  const columns = createMetricColumns({ clock, thread, reporter, source, shown: () => shown, onCells: () => undefined });
  const ids = new Set(list());
  lines.follow(ids);
  columns.follow(ids);
  for (const id of ids) await lines.of(id).advance(END, thread.slice());
  await columns.idle();
  return { lines, columns };
}
const lately = START + (HOURS - 24) * HOUR_MS;
const from = START + Math.floor(HOURS * 0.75) * HOUR_MS;
const question = { columns: COLUMNS, list: 'all', opens: true } as const;
let moment = from;

async function took(work: () => Promise<unknown>): Promise<number> {
  const at = performance.now();
  await work();
  return performance.now() - at;
}
async function step(to: 1 | -1): Promise<void> {
  const view = await screen.look({ ...question, then: thenOf(moment), step: { by: 'hour', to, instrument: null } });
  moment = view.moment as number;
  if (view.rows.length < ROWS || view.rows.some(({ d }) => d === null)) throw new Error('a row of the past has no value');
}
async function medianStep(to: 1 | -1): Promise<number> {
  // What was late is read once, and the first steps are taken before the code is quick.
  await step(to);
  await step(to);
  const times: number[] = [];
  for (let i = 0; i < STEPS; i++) times.push(await took(() => step(to)));
  return times.sort((a, b) => a - b)[STEPS >> 1] ?? NaN;
}
const recent = await took(() => screen.look({ ...question, then: thenOf(lately), step: null }));
const first = await took(() => screen.look({ ...question, then: thenOf(from), step: null }));
const [on, back] = [await medianStep(1), await medianStep(-1)];

/** The rows of the hours that a step brings, and of the day that the newest of them rest on. */
const hours = db.prepare<[number, number, number]>('SELECT * FROM hour_cold WHERE instrument = ? AND close > ? AND close <= ?').raw();
const bare = timed(() => {
  for (let i = 1; i <= ROWS; i++) hours.all(i, from - 24 * HOUR_MS, from);
}, 20);
db.close();
await screen.stop();
await store.close();
rmSync(folder, { recursive: true });
tell(`the first look at ${ROWS} rows over ${HOURS} hours, a day back`, `${inMs(recent)}, ${(recent / bare).toFixed(0)} x bare`);
tell('... the look after it, three months back', `${inMs(first)}, ${(first / bare).toFixed(0)} x bare`);
tell(
  `... a step of an hour, median of ${STEPS}`,
  `${inMs(on)} on, ${inMs(back)} back (goal ${inMs(GOAL_MS)}), ${(on / bare).toFixed(1)} x bare SQL of their hours (${inMs(bare)})`,
);
tell('... the reference loop beside it: D of a year by a bare loop', `${(1000 * bareYear()).toFixed(0)} us`);
