/** The history read by others than the one process that writes it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HOUR, instrument, openStore, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = instrument('BTC').id;

function recorded() {
  const folder = tempDir();
  const opened = openStore(join(folder, 'history.sqlite'));
  opened.store.recordPoll(poll(T0, [snapshot('BTC')]));
  opened.store.recordSettled(
    BTC,
    [0, 1, 2, 3].map((i) => ({ stamp: T0 + i * HOUR, rate: 1e-4, intervalH: 1, mark: null, premium: null })),
    T0 + 4 * HOUR,
    null,
  );
  return { folder, ...opened };
}
const total = (folder: string) => {
  const script = join(import.meta.dirname, 'read-only-metrics-child.ts');
  const flags = ['--venue', 'binance', '--symbol', 'BTC', '--metric', 'total-funding', '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, folder, ...flags], { encoding: 'utf8' });
  return { stderr, status, last: status === 0 ? (JSON.parse(stdout) as { data: { value: number }[] }).data.at(-1)?.value : null };
};

/** What it says is of the history, which ended long ago, and not of the folder. */
const READ = { stderr: expect.stringMatching(/^The last settlement that is stored is of .*\n$/u) as string, status: 0, last: 4e-4 };

describe('the metrics command over a folder that may only be read', () => {
  test('a history that was closed', () => {
    const { folder, store } = recorded();
    store.close();
    expect(total(folder)).toEqual(READ);
    expect(readdirSync(folder)).toEqual(['history.sqlite']);
  });

  test('a copy taken with its write-ahead log, as from a machine that lost its power', () => {
    const { folder } = recorded();
    const copy = tempDir();
    for (const name of ['history.sqlite', 'history.sqlite-wal']) copyFileSync(join(folder, name), join(copy, name));
    expect(total(copy)).toEqual(READ);
  });

  test('a history that another user is writing', () => {
    const { folder } = recorded();
    expect(total(folder)).toEqual(READ);
  });
});
