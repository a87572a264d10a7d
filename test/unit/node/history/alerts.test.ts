import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { AlertRecord } from '#core/ports.ts';
import { openHistory } from '#node/history/open.ts';
import { migrate, MIGRATIONS } from '#node/history/schema.ts';
import { openStore, silent, T0, tempDir } from './support.ts';

const HOUR = 3_600_000;
const alert = (hour: number, change: Partial<AlertRecord> = {}): AlertRecord => ({
  rule: 'r1',
  instrument: 'alpha:BTCUSDT',
  at: T0 + hour * HOUR,
  told: true,
  body: JSON.stringify({ hour }),
  ...change,
});
const run = (from: number, to = 1e6) => ({ from: T0 + from * HOUR, to: T0 + to * HOUR });

test('entries are kept, newest first, and one run of a rule on an instrument has one', () => {
  const { store, file } = openStore();
  expect(store.recordAlert(alert(3), run(1))).toBe(true);
  // The past changed a little: the same run enters an hour earlier or later.
  expect(store.recordAlert(alert(2), run(1))).toBe(false);
  expect(store.recordAlert(alert(4), run(2))).toBe(false);
  // Another run before it, another rule, another instrument.
  expect(store.recordAlert(alert(0, { told: false }), run(-2, 0))).toBe(true);
  expect(store.recordAlert(alert(3, { rule: 'r2' }), run(1))).toBe(true);
  expect(store.recordAlert(alert(3, { instrument: 'alpha:ETHUSDT' }), run(1))).toBe(true);
  const kept = [alert(3), alert(3, { instrument: 'alpha:ETHUSDT' }), alert(3, { rule: 'r2' }), alert(0, { told: false })];
  expect(store.alerts(10)).toEqual(kept);
  expect(store.alerts(2)).toEqual(kept.slice(0, 2));
  store.close();
  expect(openStore(file).store.alerts(10)).toEqual(kept);
});

test('what cannot be is refused and changes nothing', () => {
  const { store } = openStore();
  expect(() => store.recordAlert(alert(1, { at: NaN }), run(0))).toThrow();
  expect(() => store.recordAlert(alert(1), run(1, 0))).toThrow();
  expect(() => store.recordAlert(alert(1, { body: 'x'.repeat(64 * 1024 + 1) }), run(0))).toThrow(/65537 characters/u);
  expect(store.alerts(10)).toEqual([]);
});

test('they outlive the damage of other parts of the file', () => {
  const { store } = openStore();
  store.recordAlert(alert(1), run(0));
  store.recordAlert(alert(3, { told: false }), run(2));
  store.replaceDamaged('page 7 is wrong', store.generation());
  expect(store.alerts(10)).toEqual([alert(3, { told: false }), alert(1)]);
});

test('a history of before takes them after its migration, through the worker', async () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = 1347571779`);
  migrate(old, MIGRATIONS.slice(0, 3));
  old.close();
  const store = await openHistory({ file, demo: false, log: silent, now: () => T0 });
  expect(await store.recordAlert(alert(1), run(0))).toBe(true);
  expect(await store.alerts(10)).toEqual([alert(1)]);
  await store.close();
});
