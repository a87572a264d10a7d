import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { HOUR, openStore, poll, snapshot, T0, tempDir } from './support.ts';

test('that a damaged file was set aside stands for as long as that file lies there', () => {
  const { store: first, file } = openStore();
  first.recordPoll(poll(T0, [snapshot('BTC')]));
  first.close();
  truncateSync(file, 0);
  const { store, clock } = openStore(file);
  clock.now = T0 + 40 * 24 * HOUR;
  expect(store.tend(true).notices).toEqual([expect.stringMatching(/was damaged .+ It was kept as /u)]);
  for (const name of readdirSync(dirname(file))) if (name.includes('.damaged-')) rmSync(join(dirname(file), name));
  expect(store.tend(true).notices).toEqual([]);
});

test('what is over is told for a day, and once more where it happens once more', () => {
  const { store, file, clock } = openStore(join(tempDir(), 'data', 'history.sqlite'));
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  const loseFolder = (): void => {
    renameSync(dirname(file), `${dirname(file)}.moved`);
    mkdirSync(dirname(file));
    store.tend(true);
    rmSync(`${dirname(file)}.moved`, { recursive: true });
  };
  const told = [expect.stringMatching(/A new one with everything that it held took its place/u)];
  loseFolder();
  clock.now = T0 + 24 * HOUR - 1;
  expect(store.tend(true).notices).toEqual(told);
  clock.now = T0 + 24 * HOUR;
  expect(store.tend(true).notices).toEqual([]);
  loseFolder();
  expect(store.tend(true).notices).toEqual(told);
});

test('that the folder could not be written ends with it, and that this is over is told for a day', () => {
  const folder = join(tempDir(), 'data');
  writeFileSync(folder, '');
  const { store, clock } = openStore(join(folder, 'history.sqlite'));
  expect(store.tend(true).notices).toEqual([expect.stringMatching(/cannot be written/u)]);
  rmSync(folder);
  clock.now = T0 + 61_000;
  expect(store.tend(true).notices).toEqual([expect.stringMatching(/can be written again: recording goes on/u)]);
  clock.now += 24 * HOUR;
  expect(store.tend(true).notices).toEqual([]);
});
