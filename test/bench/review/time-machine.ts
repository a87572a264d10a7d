import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createPastScreen } from '#core/read/past-screen.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import { createClock } from '#node/clock.ts';
import { openHistory } from '#node/history/open.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { bareYear, inMs, random, tell, timed } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/** The time machine with 200 rows on the screen over a stored year of hours, settlements and prices: the first look, then steps from hour to hour. */
const ROWS = isShort ? 20 : 200;
const HOURS = isShort ? 400 : 8760;
const START = Date.UTC(2025, 8, 1);
const END = START + HOURS * HOUR_MS;
const VENUES = ['binance', 'bybit'];
const GOAL_MS = 100;
const COLUMNS = ['cumulative-funding', 'spread', 'premium'];

const watched = Array.from({ length: ROWS }, (_, i) => {
  const venue = VENUES[i % VENUES.length] ?? '';
  const asset = `A${Math.floor(i / VENUES.length)}`;
  return newInstrument({ venue, symbol: `${asset}USDT`, asset, quote: 'USDT', settle: 'USDT' });
});
const kept = process.env['BENCH_HISTORY'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'perpscope-bench-'));
const file = join(folder, 'history.sqlite');
const isMade = existsSync(file);
const store = await openHistory({ file, demo: false, log: { write: () => undefined }, now: () => END });
const next = random(5);
if (!isMade) {
  for (let hour = 0; hour < HOURS; hour++) {
    const observedAt = START + (hour + 1) * HOUR_MS - 30_000;
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
    if (hour % 24 !== 23) continue;
    const day = START + (hour - 23) * HOUR_MS;
    for (const { id } of watched) {
      const learntAt = day + 24 * HOUR_MS + 10_000;
      const stamps = [8, 16, 24].map((h) => day + h * HOUR_MS);
      for (const stamp of stamps)
        await store.recordSettled(id, [{ stamp, rate: 1e-4 + 1e-5 * next(), intervalH: 8, mark: 100 + next(), premium: null }], stamp + 60_000, null);
      const prices = Array.from({ length: 24 }, (_, h) => ({ close: day + (h + 1) * HOUR_MS, mark: 100 + next(), index: 100 + next(), last: null }));
      for (const price of prices.filter((_, h) => h % 6 === 0)) await store.recordPrices(id, [price], price.close + 30_000, null);
      await store.recordPrices(id, prices, learntAt, null);
    }
    if (hour % 720 === 719) await store.maintain(END);
  }
  await store.maintain(END);
}

const lists = [{ id: 'all', name: 'All', assets: [], seeded: [], items: watched.map(({ id }) => id) }];
const settings = { ...defaultSettings([]), lists };
const clock = createClock({ speed: 1, startAt: null });
const screen = createPastScreen({
  clock,
  store,
  person: { at: () => Promise.resolve(settings) },
  thread: createSharedThread(clock, nextTurn),
  reporter: { failed: (what, error) => console.error(what, error) },
  settings: () => settings,
  now: () => END,
  venues: VENUES,
  pollMs: () => 30_000,
  formulaOf,
  venueName: (id) => id,
});
const columns = COLUMNS.map((metric) => ({ metric, params: {} }));
const from = START + Math.floor(HOURS * 0.75) * HOUR_MS;
const look = { then: { at: from, known: from }, step: null, columns, list: 'all', opens: true };

async function took(work: () => Promise<unknown>): Promise<number> {
  const at = performance.now();
  await work();
  return performance.now() - at;
}
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let shown = await screen.look(look);
const first = await (async () => {
  const at = performance.now();
  shown = await createPastScreen({ clock, store, person: { at: () => Promise.resolve(settings) }, thread: createSharedThread(clock, nextTurn), reporter: { failed: console.error }, settings: () => settings, now: () => END, venues: VENUES, pollMs: () => 30_000, formulaOf, venueName: (id) => id }).look(look);
  return performance.now() - at;
})();
console.log(first, shown.rows[0]?.cells, shown.rows[0]?.why);
async function steps(to: 1 | -1): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const { moment } = shown;
    const then = typeof moment === 'number' ? { at: moment, known: moment } : { at: moment.venueTime, known: null };
    times.push(await took(async () => (shown = await screen.look({ ...look, then, step: { by: 'hour', to, instrument: null } }))));
  }
  return times;
}
const [on, back] = [await steps(1), await steps(-1)];
delay.disable();
console.log(on, back);

const db = new Database(file, { readonly: true });
const hours = db.prepare<[number, number]>('SELECT * FROM hour_cold WHERE instrument = ? AND close = ?').raw();
const bare = timed(() => {
  for (let i = 1; i <= ROWS; i++) hours.get(i, from);
}, 20);
db.close();
await screen.stop();
await store.close();
if (kept === undefined) rmSync(folder, { recursive: true });
void bareYear;
tell(`a step with ${ROWS} rows`, `${inMs(median(on))} on, ${inMs(median(back))} back (goal ${inMs(GOAL_MS)}), ${(median(on) / bare).toFixed(0)} x bare ${inMs(bare)}`);
tell('...', `${inMs(delay.max / 1e6 - 1)}`);
