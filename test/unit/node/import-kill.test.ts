import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';

const dir = mkdtempSync(join(tmpdir(), 'import-kill-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const CHILD = resolve(import.meta.dirname, '../../support/import-child.ts');
const START = Date.UTC(2020, 0, 1);
const H8 = 8 * 3_600_000;
const COINS = ['A', 'B', 'C'];
const ROWS = 6000;
const file = join(dir, 'a.csv');
const rows = COINS.flatMap((coin) => Array.from({ length: ROWS }, (_, i) => `${coin}USDT,${START + i * H8},${(i % 97) / 1e6},8`));
writeFileSync(file, `symbol,ts_ms,rate,interval_h\n${rows.join('\n')}\n`);

/** Rows that were acknowledged before the process was killed, or came to its end. */
async function imported(data: string, killAfter: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, data, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let [batches, added] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    added += Number(line);
    // The next batch is under way by then.
    if (++batches === killAfter) child.kill('SIGKILL');
  }
  await ended;
  return added;
}

function stored(data: string) {
  const history = new ReadonlyHistory({ file: data, kind: 'live', now: () => Date.now() });
  const all = COINS.map((coin) => history.settled(`venue:${coin}USDT`, -1, Number.MAX_SAFE_INTEGER, null, ['key', 'rate', 'intervalH']));
  history.close();
  return all;
}

test('killed at any batch nothing that was acknowledged is lost, and the same file again makes it whole', async () => {
  const whole = join(dir, 'whole.sqlite');
  expect(await imported(whole, Infinity)).toBe(COINS.length * ROWS);
  const killed = join(dir, 'killed.sqlite');
  let acknowledged = 0;
  for (const killAfter of [1, 2, 3]) {
    acknowledged += await imported(killed, killAfter);
    const rowsNow = stored(killed).reduce((n, { key }) => n + key.length, 0);
    expect(rowsNow).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = rowsNow;
  }
  expect(acknowledged + (await imported(killed, Infinity))).toBe(COINS.length * ROWS);
  expect(stored(killed)).toEqual(stored(whole));
});
