import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openHistory } from '#node/history/open.ts';
import { migrate, MIGRATIONS } from '#node/history/schema.ts';
import { openStore, silent, T0, tempDir } from './support.ts';

const body = (name: string): string => JSON.stringify({ name });

test('scenarios are kept, replaced in place and forgotten, oldest first', () => {
  const { store, file } = openStore();
  store.recordScenario('b', { savedAt: T0 + 1, body: body('later') });
  store.recordScenario('a', { savedAt: T0, body: body('first') });
  store.recordScenario('b', { savedAt: T0 + 1, body: body('changed') });
  const kept = [
    { id: 'a', savedAt: T0, body: body('first') },
    { id: 'b', savedAt: T0 + 1, body: body('changed') },
  ];
  expect(store.scenarios()).toEqual(kept);
  store.close();
  const again = openStore(file).store;
  expect(again.scenarios()).toEqual(kept);
  again.recordScenario('a', null);
  again.recordScenario('never', null);
  expect(again.scenarios()).toEqual(kept.slice(1));
});

test('what no person typed is refused and changes nothing', () => {
  const { store } = openStore();
  store.recordScenario('a', { savedAt: T0, body: body('first') });
  expect(() => store.recordScenario('a', { savedAt: T0, body: 'x'.repeat(1024 * 1024 + 1) })).toThrow(/too large/u);
  expect(() => store.recordScenario('b', { savedAt: NaN, body: body('b') })).toThrow();
  expect(store.scenarios()).toHaveLength(1);
});

test('they outlive the damage of other parts of the file', () => {
  const { store } = openStore();
  store.recordScenario('a', { savedAt: T0, body: body('first') });
  store.replaceDamaged('page 7 is wrong', store.generation());
  expect(store.scenarios()).toEqual([{ id: 'a', savedAt: T0, body: body('first') }]);
});

test('a file from before them gets them; through the worker they are read back by another reader', async () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma('application_id = 0x50525043');
  old.pragma('journal_mode = WAL');
  migrate(old, MIGRATIONS.slice(0, 1));
  old.close();
  const store = await openHistory({ file, demo: false, log: silent, now: () => T0 });
  await store.recordScenario('a', { savedAt: T0, body: body('first') });
  expect(await store.scenarios()).toEqual([{ id: 'a', savedAt: T0, body: body('first') }]);
  await store.close();
  expect(openStore(file).store.scenarios()).toHaveLength(1);
});
