import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { damageIn } from '#node/history/open-file.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { DEMO_SEED, type OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';

/** A collector in a process of its own, which is ended under a terminal beside it. An hour of the demo passes in a minute. */
const SPEED = 60;
const BTC = 'binance:BTCUSDT';
const ETH = 'bybit:ETHUSDT';
const settle = { timeout: 240_000, interval: 50 };

let dir = '';
let child: ChildProcess | null = null;
let terminal: OpenedApp | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-beside-process-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await terminal?.close();
  [child, terminal] = [null, null];
  rmSync(dir, { recursive: true, force: true });
});

interface Line {
  readonly event: string;
  readonly at: number;
  readonly venue?: string;
}

/** Its lines so far; what it told of is on disk. */
function collector(): { readonly process: ChildProcess; readonly lines: Line[] } {
  const cli = resolve(import.meta.dirname, '../../../src/cli/index.ts');
  const args = [
    cli,
    'collect',
    '--data-dir',
    dir,
    '--demo',
    '--demo-speed',
    String(SPEED),
    '--json',
    '--symbol',
    BTC,
    '--venue',
    'binance',
    '--venue',
    'bybit',
  ];
  const spawned = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Line[] = [];
  createInterface({ input: spawned.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  child = spawned;
  return { process: spawned, lines };
}
async function ask<N extends CallName>(name: N, input: unknown = {}): Promise<CallOutput<N>> {
  if (terminal === null) throw new Error('no terminal');
  const answer = await terminal.app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}
const observedAt = async (id: string): Promise<number> =>
  (await ask('watchlist.rows')).find(({ instrument }) => instrument.id === id)?.observedAt ?? 0;

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a collector that is ended by %s under a terminal: what it told of is there, and the terminal goes on',
  async (signal) => {
    const { process: recording, lines } = collector();
    await vi.waitUntil(() => new Set(lines.filter(({ event }) => event === 'polled').map(({ venue }) => venue)).size === 2, settle);
    terminal = await openTestApp(dir, { demo: { speed: SPEED, seed: DEMO_SEED } });
    await terminal.app.start();
    await vi.waitUntil(async () => (await observedAt(BTC)) > 0, settle);
    expect((await ask('history.status')).notices.join('\n')).toContain(`A collector (process ${String(recording.pid)}, since`);
    // What the terminal looks at is watched by the other process.
    const { id: list } = (await ask('watchlist.create', { name: 'Mine' })).lists.at(-1) ?? { id: '' };
    await ask('watchlist.add', { list, instrument: ETH });
    await ask('decisions.facts', { instrument: ETH });
    await vi.waitUntil(async () => (await ask('decisions.facts', { instrument: ETH })).book, settle);

    const exit = once(recording, 'exit');
    recording.kill(signal);
    expect(await exit).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null]);
    const told = Math.max(...lines.filter(({ event, venue }) => event === 'polled' && venue === 'binance').map(({ at }) => at));
    await vi.waitUntil(async () => (await ask('history.status')).notices.join().includes('This window records by itself now'), settle);
    await vi.waitUntil(async () => (await observedAt(BTC)) > told, settle);
    expect(new Set((await ask('venues.health')).map(({ error }) => error))).toEqual(new Set([null]));
    await terminal.close();
    terminal = null;

    const file = join(dir, 'demo/demo.sqlite');
    expect(damageIn(file, 'demo', true)).toBeNull();
    const history = new ReadonlyHistory({ file, kind: 'demo', now: () => Date.now() });
    const { observedAt: all } = history.snapshots(BTC, 0, Number.MAX_SAFE_INTEGER);
    const between = [...all].filter((at) => at <= told + 60_000).length;
    const polls = lines.filter(({ event, venue }) => event === 'polled' && venue === 'binance').length;
    history.close();
    expect(between).toBeGreaterThanOrEqual(polls);
  },
);
