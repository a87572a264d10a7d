import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore, poll, snapshot, T0, tempDir } from './support.ts';

/** A history in a folder that can be taken away. */
const inFolder = () => openStore(join(tempDir(), 'data', 'history.sqlite'));
/** A file stands where its folder was, so that nothing can be written there. */
function takeAway(file: string): void {
  renameSync(dirname(file), `${dirname(file)}.moved`);
  writeFileSync(dirname(file), '');
}

test('the file is gone and no new one can be written: it says so, goes on, and everything is in the new one once that works', () => {
  const { store, file, clock } = inFolder();
  store.recordPoll(poll(T0, [snapshot('BTC', { rate: 1e-4 })]));
  const generation = store.generation();
  takeAway(file);
  store.tend(true);
  const stranded =
    /was deleted or moved away while Perpscope ran, and a new one cannot be written yet\..+Until that works, what is recorded is lost/u;
  expect(store.status().notices).toEqual([expect.stringMatching(stranded)]);
  expect(store.status().notices.join()).not.toMatch(/SQLITE|E[A-Z]{4}|Error:/u);
  expect([store.generation(), existsSync(file)]).toEqual([generation, false]);
  store.recordPoll(poll(T0 + 30_000, [snapshot('BTC', { rate: 2e-4 })]));

  // Not tried at every look.
  rmSync(dirname(file));
  mkdirSync(dirname(file));
  clock.now = T0 + 59_000;
  store.tend(true);
  expect(existsSync(file)).toBe(false);
  clock.now = T0 + 61_000;
  store.tend(true);
  expect(existsSync(file)).toBe(true);
  expect(store.generation()).toBeGreaterThan(generation);
  expect(store.status().notices).toEqual([
    expect.stringMatching(/A new one with everything that it held took its place; nothing recorded is lost/u),
  ]);
  store.close();
  const again = openStore(file).store;
  expect([...again.snapshots('binance:BTC', 0, Infinity).rate]).toEqual([1e-4, 2e-4]);
});

test('the folder that comes back while no new one can be written is taken as it is', () => {
  const { store, file } = inFolder();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  takeAway(file);
  store.tend(true);
  expect(store.status().notices).toHaveLength(1);
  rmSync(dirname(file));
  renameSync(`${dirname(file)}.moved`, dirname(file));
  store.tend(true);
  expect(store.status().notices).toEqual([]);
  store.recordPoll(poll(T0 + 30_000, [snapshot('BTC')]));
  expect(store.latest()).toMatchObject([{ observedAt: T0 + 30_000 }]);
});
