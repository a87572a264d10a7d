import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { HistoryStore } from '#core/ports/history.ts';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { openHistory } from '#node/history/open.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { inMs, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * A chart of three years, asked for as a window does, against bare rows of the same in the same run; and what a long read costs the
 * polls that are stored meanwhile. Absolute figures belong to the machine; the ratios are what a change must not worsen.
 */
const HOURS = (isShort ? 20 : 3 * 365) * 24;
const INSTRUMENTS = isShort ? 100 : 3000;
const POLLS = isShort ? 10 : 40;
const END = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const START = END - HOURS * HOUR_MS;

const silent = { write: () => undefined };
const instruments = Array.from({ length: INSTRUMENTS }, (_, i) =>
  newInstrument({ venue: 'binance', symbol: `S${i}USDT`, asset: `S${i}`, quote: 'USDT', settle: 'USDT' }),
);
const watched = new Set(instruments.map(({ id }) => id));
/** Those that have three years, in rounds: with each round more of the code is compiled, as in an app that has run for a while; one chart before the first. */
const FIRST_CHARTS = 5;
const ROUNDS = 3;
const [WARM = '', ...CHARTED] = [...watched].slice(0, 1 + ROUNDS * FIRST_CHARTS);
const [ID = ''] = CHARTED;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
async function waited(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const cpuMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

const poll = (store: HistoryStore, i: number) =>
  store.recordPoll({
    venue: 'binance',
    observedAt: END + i * 1000,
    pollMs: 30_000,
    instruments,
    snapshots: instruments.map(({ symbol }, n) => ({
      symbol,
      rate: 1e-4 + ((i * 37 + n) % 101) * 1e-8,
      intervalH: 8,
      nextFundingAt: null,
      mark: 100 + ((i + n) % 13),
      index: 100 + ((i + n) % 11),
      openInterest: 1e6,
      volume24h: 1e8,
      interestPer8h: 1e-4,
    })),
    watched,
  });

async function fill(file: string): Promise<void> {
  const store = await openHistory({ file, demo: false, log: silent, now: () => END });
  await poll(store, 0);
  const at = Array.from({ length: HOURS }, (_, i) => START + (i + 1) * HOUR_MS);
  const rows = at.map((stamp, i) => ({ stamp, rate: 1e-4 + (i % 97) * 1e-7, intervalH: 1, mark: 100 + (i % 7), premium: 1e-5 }));
  for (const id of [WARM, ...CHARTED]) await store.recordSettled(id, rows, END, { from: START, to: END });
  const prices = at.map((close, i) => ({ close, mark: 100 + (i % 7), index: 100 + (i % 5), last: null }));
  for (const id of [WARM, ...CHARTED]) await store.recordPrices(id, prices, END, { from: START, to: END });
  await store.close();
}

const dir = mkdtempSync(join(tmpdir(), 'perpscope-bench-'));
try {
  const file = join(dir, 'history.sqlite');
  await fill(file);
  const db = new Database(file, { readonly: true });
  const bare = db.prepare('SELECT * FROM settled WHERE instrument = (SELECT number FROM instruments WHERE id = ?)').raw();
  const plain = median(
    Array.from({ length: 9 }, () => {
      const from = performance.now();
      bare.all(ID);
      return performance.now() - from;
    }),
  );
  db.close();

  const opened = await openTestApp(dir, { env: { PERPSCOPE_LOOPBACK_ONLY: '1' }, venues: [] });
  await opened.app.start();
  const chart = async (instrument = ID): Promise<number> =>
    waited(async () => {
      const answer = await opened.app.dispatch('history.divergence', { instrument, from: null });
      if (!answer.ok) throw new Error(answer.error.message);
    });
  await chart(WARM);
  const rounds: { readonly firsts: number[]; readonly all: number; readonly app: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [ofAll, ofApp] = [process.cpuUsage(), process.threadCpuUsage()];
    const firsts: number[] = [];
    for (const id of CHARTED.slice(round * FIRST_CHARTS).slice(0, FIRST_CHARTS)) firsts.push(await chart(id));
    rounds.push({ firsts, all: cpuMs(process.cpuUsage(ofAll)), app: cpuMs(process.threadCpuUsage(ofApp)) });
  }
  const two = await chart();
  const more = [await chart(), await chart(), await chart()];
  for (const [round, { firsts, all, app }] of rounds.entries()) {
    const one = median(firsts);
    tell(
      `chart of ${HOURS} hours from the app: the first of each of ${FIRST_CHARTS} after ${1 + round * FIRST_CHARTS} charts, median`,
      `${inMs(one)} (${(one / plain).toFixed(1)} x bare rows, ${inMs(plain)})`,
    );
    tell('... each of them', firsts.map(inMs).join(', '));
    tell('... of the processor: all threads, of which the one that serves', `${inMs(all / FIRST_CHARTS)}, ${inMs(app / FIRST_CHARTS)}`);
  }
  tell('... the same again: second, median of the next', `${inMs(two)}, ${inMs(median(more))}`);
  await opened.close();

  const store = await openHistory({ file, demo: false, log: silent, now: () => END });
  const alone: number[] = [];
  for (let i = 1; i <= POLLS; i++) alone.push(await waited(() => poll(store, i)));
  const ongoing = { on: true, reads: 0 };
  const reading = (async () => {
    while (ongoing.on) {
      await store.settled(ID, 0, Infinity);
      ongoing.reads++;
    }
  })();
  const beside: number[] = [];
  for (let i = POLLS + 1; i <= 2 * POLLS; i++) beside.push(await waited(() => poll(store, i)));
  ongoing.on = false;
  await reading;
  await store.close();
  tell(
    `poll of ${INSTRUMENTS} rows, all watched, beside one who reads three years without end`,
    `${inMs(median(beside))} (${(median(beside) / median(alone)).toFixed(2)} x the bare poll, ${inMs(median(alone))}; ${ongoing.reads} reads)`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
