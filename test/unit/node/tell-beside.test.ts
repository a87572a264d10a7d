import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AlertEntry } from '#bridge/alert.ts';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { DEMO_SEED, type OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { SqlitePerson } from '#node/person/sqlite-person.ts';
import { openTellerPerson } from '#node/person/teller-person.ts';
import { factsOf } from '#node/person/words.ts';

/** A collector that tells, in a process of its own, which is killed under a terminal beside it. An hour of the demo passes in a quarter of a minute. */
const SPEED = 240;
const settle = { timeout: 200_000, interval: 100 };
const WATCHED = ['BTC', 'ETH', 'SOL', 'TAO'].flatMap((asset) => [`binance:${asset}USDT`, `bybit:${asset}USDT`]);

let dir = '';
let child: ChildProcess | null = null;
let terminal: OpenedApp | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-tell-beside-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await terminal?.close();
  [child, terminal] = [null, null];
  rmSync(dir, { recursive: true, force: true });
});

interface Line {
  readonly event: string;
  readonly title?: string;
}
function collector(): { readonly process: ChildProcess; readonly alerts: () => string[] } {
  const cli = resolve(import.meta.dirname, '../../../src/cli/index.ts');
  const args = ['--data-dir', dir, '--demo', '--demo-speed', String(SPEED), '--json', '--alerts', '--venue', 'binance', '--venue', 'bybit'];
  const spawned = spawn(process.execPath, [cli, 'collect', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Line[] = [];
  createInterface({ input: spawned.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  child = spawned;
  return { process: spawned, alerts: () => lines.flatMap(({ event, title }) => (event === 'alert' ? [title ?? ''] : [])) };
}
async function ask<N extends CallName>(name: N, input: unknown = {}): Promise<CallOutput<N>> {
  if (terminal === null) throw new Error('no terminal');
  const answer = await terminal.app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}
const told = async (): Promise<AlertEntry[]> => (await ask('alerts.log', { limit: 1000 })).filter((entry) => entry.told);
/** How many entries the words tell of: many at once are told as one. */
const entriesIn = (titles: readonly string[]): number =>
  titles.reduce((sum, title) => sum + Number(/(\d+) (?:instruments|alerts)$/u.exec(title)?.[1] ?? 1), 0);

test('a collector tells, the terminal beside it shows and acknowledges, and after a kill it tells on, each entry once', async () => {
  const file = join(dir, 'demo/person.sqlite');
  const defaults = defaultSettings([]);
  mkdirSync(join(dir, 'demo'));
  const list = { id: 'mine', name: 'Mine', assets: [], seeded: [], items: WATCHED };
  const rule = {
    id: 'cross',
    name: 'Cross',
    on: { list: 'mine' },
    // Of eight prices some fall in one hour and rise in the next.
    conditions: [{ choice: { metric: 'price-change', params: { hours: 1 } }, op: 'above', level: 1e-7 } as const],
    k: 1,
    enabled: true,
    since: Date.now(),
  };
  const person = new SqlitePerson({
    file,
    kind: 'demo',
    log: { write: () => undefined },
    now: Date.now,
    old: { facts: [], history: `${file}.none` },
  });
  // The threshold's own signal is out of reach, so that the rule alone tells.
  person.keep(factsOf({ ...defaults, lists: [list], thresholds: { theta: 1, k: 3, n: 12 }, alerts: [rule] }));
  person.close();
  const beside = openTellerPerson({ file, kind: 'demo', now: Date.now, defaults });

  const { process: recording, alerts } = collector();
  await vi.waitUntil(() => alerts().length > 0, settle);
  const notified: string[] = [];
  terminal = await openTestApp(dir, {
    demo: { speed: SPEED, seed: DEMO_SEED },
    notifier: { notify: ({ title }) => notified.push(title) },
  });
  await terminal.app.start();
  // It judges as the collector does.
  await vi.waitUntil(async () => {
    const states = await ask('alerts.states');
    return states.length === WATCHED.length && states.every(({ at }) => at !== null);
  }, settle);
  expect((await ask('history.status')).notices.join('\n')).toContain(`A collector (process ${String(recording.pid)}, since`);
  expect((await ask('history.status')).notices.join('\n')).toContain('tells what enters on this folder');
  const before = alerts().length;
  await vi.waitUntil(() => alerts().length > before, settle);
  await vi.waitUntil(async () => (await told()).length >= entriesIn(alerts()), settle);
  // What the person has seen is written beside it.
  const { rule: of, instrument, at } = (await told())[0] ?? { rule: '', instrument: '', at: 0 };
  await ask('alerts.acknowledge', { entries: [{ rule: of, instrument, at }] });
  await vi.waitUntil(async () => (await beside.newestAlerts()).some(({ acknowledgedAt }) => acknowledgedAt !== undefined), settle);

  await vi.waitUntil(async () => (await beside.owed()).length === 0, settle);
  const exit = once(recording, 'exit');
  recording.kill('SIGKILL');
  await exit;
  expect(notified).toEqual([]);
  await vi.waitUntil(() => notified.length > 0, settle);
  await vi.waitUntil(async () => (await beside.owed()).length === 0, settle);
  const all = await told();
  expect(entriesIn([...alerts(), ...notified])).toBe(all.length);
  expect((await ask('history.status')).notices.join('\n')).not.toContain('tells what enters');
});
