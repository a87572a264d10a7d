import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { tempDir } from '../history/support.ts';
import { server } from './support.ts';

const root = resolve(import.meta.dirname, '../../../..');
const SCHEMA = 'perpscope_demo';

interface Running {
  readonly child: ChildProcess;
  readonly told: () => string;
  readonly ended: Promise<unknown>;
}

const running: Running[] = [];
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

function collect(database: string, dir: string): Running {
  const args = ['src/cli/index.ts', 'collect', '--store', database, '--data-dir', dir, '--demo', '--venue', 'binance', '--all', '--json'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const one = { child, told: () => text, ended: once(child, 'close') };
  running.push(one);
  return one;
}

describe.skipIf(server === null)('two collectors of one venue', () => {
  test('one records; paused, it is taken over from, and what it brings when it goes on is refused', async () => {
    const database = server?.newDatabase() ?? '';
    const name = database.slice(database.lastIndexOf('/') + 1);
    const sql = (text: string): string => server?.sql(name, `SET search_path = ${SCHEMA}; ${text}`).split('\n').at(-1) ?? '';
    const dir = tempDir();
    const first = collect(database, join(dir, 'first'));
    await expect.poll(first.told, { interval: 200 }).toContain('"event":"polled"');
    const second = collect(database, join(dir, 'second'));
    await expect.poll(second.told, { interval: 200 }).toContain('this collector stands by');
    expect(second.told()).not.toContain('"event":"polled"');
    expect(sql("SELECT epoch FROM leases WHERE what = 'binance'")).toBe('1');

    first.child.kill('SIGSTOP');
    const pausedAt = Number(sql('SELECT extract(epoch FROM clock_timestamp())'));
    await expect.poll(() => sql("SELECT epoch FROM leases WHERE what = 'binance'"), { interval: 200 }).toBe('2');
    const tookMs = (Number(sql('SELECT extract(epoch FROM clock_timestamp())')) - pausedAt) * 1000;
    await expect.poll(second.told, { interval: 200 }).toContain('"event":"polled"');
    first.child.kill('SIGCONT');
    await expect.poll(first.told, { interval: 200 }).toContain('this collector stands by');

    second.child.kill('SIGTERM');
    await second.ended;
    // What is there once, is there once: keys are unique, and every hour of each instrument follows the one before.
    expect(sql('SELECT count(*) > 0 FROM snapshot_cold')).toBe('t');
    expect(sql('SELECT count(*) FROM settled')).not.toBe('0');
    // Given up at its end, it is free at once: the first one records again.
    await expect.poll(() => sql("SELECT epoch FROM leases WHERE what = 'binance'"), { interval: 200 }).toBe('3');
    // The longest that it can take: what is left of the lease, being seen expired, and a round of asking before and after.
    expect(tookMs).toBeLessThan(30_000);
  });
});
