import { expect, test } from 'vitest';
import { T0 } from '../history/support.ts';
import { openFile } from './support.ts';

const body = (name: string): string => JSON.stringify({ name });

test('scenarios are kept, changed and deleted, oldest first, and every version can be read as of its time', () => {
  const { store, file, clock } = openFile();
  store.recordScenario('b', { savedAt: T0 + 1, body: body('later') });
  store.recordScenario('a', { savedAt: T0, body: body('first') });
  clock.now = T0 + 10;
  store.recordScenario('b', { savedAt: T0 + 1, body: body('changed') });
  const kept = [
    { id: 'a', savedAt: T0, body: body('first') },
    { id: 'b', savedAt: T0 + 1, body: body('changed') },
  ];
  expect(store.scenarios(null)).toEqual(kept);
  store.close();
  const { store: again, clock: later } = openFile(file);
  later.now = T0 + 20;
  expect(again.scenarios(null)).toEqual(kept);
  again.recordScenario('a', null);
  again.recordScenario('never', null);
  expect(again.scenarios(null)).toEqual(kept.slice(1));
  expect(again.scenarios(T0 + 19)).toEqual(kept);
  expect(again.scenarios(T0 + 9)).toEqual([kept[0], { id: 'b', savedAt: T0 + 1, body: body('later') }]);
  expect(again.scenarios(T0 - 1)).toEqual([]);
});

test('what no person typed is refused and changes nothing', () => {
  const { store } = openFile();
  store.recordScenario('a', { savedAt: T0, body: body('first') });
  expect(() => store.recordScenario('a', { savedAt: T0, body: 'x'.repeat(1024 * 1024 + 1) })).toThrow(/too large/u);
  expect(() => store.recordScenario('b', { savedAt: NaN, body: body('b') })).toThrow();
  expect(store.scenarios(null)).toHaveLength(1);
});
