import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StudyQuestion } from '#bridge/evidence.ts';
import { StudyCancelled, type StudyJob } from '#core/ports/studies.ts';
import { answerStudy } from '#core/read/evidence/answer.ts';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { createStudyWorkers } from '#node/evidence/study-workers.ts';
import { promisedReads } from '#node/history/promised-reads.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { venueFormulas } from '#node/venues/index.ts';

const START = Date.UTC(2025, 0, 1);
const END = START + 600 * 8 * HOUR_MS;
const ID = 'binance:BTCUSDT';

let dir = '';
let file = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'studies-'));
  file = join(dir, 'history.sqlite');
  const store = new SqliteHistory({ file, kind: 'live', log: { write: () => undefined }, now: () => END });
  const instrument = newInstrument({ venue: 'binance', symbol: 'BTCUSDT', asset: 'BTC', quote: 'USDT', settle: 'USDT' });
  store.recordPoll({ venue: 'binance', observedAt: END, pollMs: 30_000, instruments: [instrument], snapshots: [], watched: new Set() });
  const rows = Array.from({ length: 600 }, (_, i) => {
    const rate = (i % 9 === 0 ? 9e-4 : 1e-4) * (i % 2 === 0 ? 1 : -1);
    return { stamp: START + i * 8 * HOUR_MS, rate, intervalH: 8, mark: 100 + (i % 13), premium: null };
  });
  store.recordSettled(ID, rows, END, { from: START - 1, to: END });
  store.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const question: StudyQuestion = {
  conditions: [{ choice: { metric: 'settled-rate', params: {} }, op: 'outside', level: 0.0005, release: 0.8 }],
  k: 1,
  on: { instrument: ID, among: null },
  from: null,
  to: null,
  search: [],
  events: 'entries',
  side: 'against',
  exit: { on: 'settlement' },
  delaysH: [0, 1, 8],
  costBp: 5,
  funding: 'next',
  size: 'fixed',
  capital: 10_000,
  exposure: 1,
  seed: 1,
};
const job = (more: Partial<StudyQuestion> = {}): StudyJob => ({
  question: { ...question, ...more },
  on: { ids: [ID] },
  source: ID,
  among: null,
  isChosen: false,
  now: END,
  tries: 1,
  mostEvents: 2000,
});
const never = new AbortController().signal;

test('a worker answers what this thread does, with progress, one study after the other and side by side', async () => {
  const studies = createStudyWorkers({ file, kind: 'live' });
  try {
    const history = new ReadonlyHistory({ file, kind: 'live', now: () => END });
    const own = await answerStudy(promisedReads(history), job(), venueFormulas(), () => undefined);
    history.close();
    const seen: string[] = [];
    const first = await studies.run(job(), (_, doing) => seen.push(doing), never);
    expect(first).toEqual(own);
    expect(seen[0]).toBe('instrument 1 of 1');
    const several = await Promise.all([1, 2, 3].map((seed) => studies.run(job({ seed }), () => undefined, never)));
    expect(several[0]).toEqual(own);
    expect(several.map(({ report }) => report?.question.seed)).toEqual([1, 2, 3]);
    // A sort into tenths by the same worker.
    const asked = { choice: { metric: 'settled-rate', params: {} }, everyH: 8, delayH: 0, costBp: 5, side: 'against', seed: 1 } as const;
    const set = { on: { ids: [ID] }, source: ID, among: null, isChosen: false, now: END };
    const sorted = await studies.sort({ ...set, question: { ...asked, on: question.on, from: null, to: null } }, () => undefined, never);
    expect(sorted).toMatchObject({ sorts: 0, tooFew: 600, instruments: 1 });
  } finally {
    await studies.close();
  }
});

test('Cancel ends the work at once, whatever it is at; the next one is answered', async () => {
  const studies = createStudyWorkers({ file, kind: 'live' });
  try {
    const cancel = new AbortController();
    // As many searched levels as there may be: it would take long.
    const search = Array.from({ length: 20 }, (_, i) => 0.0001 + i * 1e-5);
    const long = studies.run(job({ search, delaysH: [0, 1, 2, 3] }), () => cancel.abort(), cancel.signal);
    await expect(long).rejects.toThrow(StudyCancelled);
    await expect(studies.run(job(), () => undefined, AbortSignal.abort())).rejects.toThrow(StudyCancelled);
    expect((await studies.run(job(), () => undefined, never)).occurrences.fired).toBeGreaterThan(30);
  } finally {
    await studies.close();
  }
});

test('what ends the app ends a study; what cannot be read says so in words', async () => {
  const studies = createStudyWorkers({ file: join(dir, 'none.sqlite'), kind: 'live' });
  await expect(studies.run(job(), () => undefined, never)).rejects.toThrow(/There is no history at .+ yet/u);
  await studies.close();
  await expect(studies.run(job(), () => undefined, never)).rejects.toThrow(StudyCancelled);
});
