import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { openPerson } from '#node/person/open-person.ts';
import { run } from '../../../src/cli/run.ts';
import { HOUR, poll, silent, snapshot } from './history/support.ts';

const DAY = 24 * HOUR;
const BTC = 'binance:BTCUSDT';
const END = Math.floor(Date.now() / DAY) * DAY;
/** Its hours are deleted; those of the other are kept. */
const [DELETED, KEPT] = [END - 50 * DAY, END - 20 * DAY];
const WORDS = /^thinned: hours beyond the limit of the history are not kept, and those of .+ UTC to .+ UTC are deleted/u;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-thinned-'));
  const store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: silent, now: () => END });
  for (let at = END - 60 * DAY; at < END; at += 8 * HOUR) {
    store.recordPoll(poll(at - 1000, [snapshot('BTCUSDT')], { pollMs: HOUR }));
    store.recordSettled(BTC, [{ stamp: at, rate: 1e-4, intervalH: 8, mark: null, premium: null }], at + 1000, null);
  }
  store.maintain(END);
  store.dropHoursBeyond({ ageDays: 40, megabytes: null }, END);
  store.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('an answer of the app as of a moment whose hours are deleted says so; one of a moment that is kept whole does not', async () => {
  const opened = await openTestApp(dir, { env: { PERPSCOPE_LOOPBACK_ONLY: '1' } });
  async function ask<N extends CallName>(name: N, input: unknown): Promise<CallOutput<N>> {
    const answer = await opened.app.dispatch(name, input);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value as CallOutput<N>;
  }
  const choice = { metric: 'ema-divergence', params: {} };
  const chart = async (from: number | null, asOf: number | null) =>
    (await ask('history.divergence', { instrument: BTC, from, asOf })).notes;
  const series = async (from: number | null, asOf: number | null) =>
    (await ask('metrics.series', { instrument: BTC, choice, list: null, from, asOf })).notes;
  try {
    await opened.app.start();
    for (const notes of [chart, series]) {
      expect(await notes(null, DELETED)).toEqual([expect.stringMatching(WORDS)]);
      expect(await notes(null, null)).toEqual([expect.stringMatching(WORDS)]);
      expect(await notes(KEPT - DAY, KEPT)).toEqual([]);
    }
    const rule = {
      conditions: [{ choice, op: 'outside', level: 0.0005 }],
      k: 1,
      on: { instrument: BTC, among: null },
      from: null,
      to: null,
    };
    const counted = await ask('evidence.count', { job: 'a', question: { ...rule, asOf: DELETED } });
    expect(counted?.notes).toEqual([expect.stringMatching(WORDS), expect.stringContaining('EMA divergence never changed')]);
  } finally {
    await opened.close();
  }
});

test('a row of the list as of a moment of which everything is deleted says that, not that the venue never answered', async () => {
  const person = await openPerson({
    ...{ file: join(dir, 'person.sqlite'), demo: false, log: silent, now: () => END - 59 * DAY, defaults: defaultSettings([]) },
    ...{ outgrown: null, history: join(dir, 'history.sqlite') },
  });
  person.update((before) => ({ ...before, lists: [{ id: 'l1', name: 'Mine', assets: [], seeded: [], items: [BTC] }] }));
  await person.close();
  const opened = await openTestApp(dir, { env: { PERPSCOPE_LOOPBACK_ONLY: '1' } });
  try {
    await opened.app.start();
    const answer = await opened.app.dispatch('watchlist.rows', { asOf: DELETED });
    expect(answer).toMatchObject({ ok: true, value: [{ instrument: { id: BTC }, rate: null, why: 'thinned' }] });
  } finally {
    await opened.close();
  }
});

test('so does the command', async () => {
  async function notes(asOf: number, ...more: string[]): Promise<unknown[]> {
    let [out, told] = ['', ''];
    const of = ['--data-dir', dir, '--venue', 'binance', '--symbol', 'BTCUSDT', '--metric', 'ema-divergence', '--json'];
    const code = await run(['metrics', ...of, '--as-of', new Date(asOf).toISOString(), ...more], {
      read: () => Promise.reject(new Error('no such file')),
      out: (text) => (out += text),
      err: (text) => (told += text),
    });
    expect(code).toBe(0);
    const found = (JSON.parse(out) as { notes: unknown[] }).notes;
    // To a person who reads no JSON too.
    expect(told.includes('thinned: ')).toBe(found.length > 0);
    return found;
  }
  expect(await notes(DELETED)).toEqual([expect.stringMatching(WORDS)]);
  expect(await notes(KEPT, '--from', new Date(KEPT - DAY).toISOString())).toEqual([]);
});
