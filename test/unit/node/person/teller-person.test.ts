import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import type { AlertRecord } from '#core/ports/person.ts';
import { openTellerPerson } from '#node/person/teller-person.ts';
import { T0, tempDir } from '../history/support.ts';
import { openFile } from './support.ts';

const defaults = defaultSettings([]);
const record: AlertRecord = { rule: 'r1', instrument: 'alpha:BTCUSDT', at: T0, told: true, body: '{"by":"collector"}' };
const run = { from: T0 - 3_600_000, to: T0 + 3_600_000 };
const owed = { name: 'alert r1', text: { title: 'Crowd', body: 'funding', instrument: 'alpha:BTCUSDT', severity: 'critical' as const } };
const beside = (file: string, kind: 'live' | 'demo' = 'live') => openTellerPerson({ file, kind, now: () => T0 + 5, defaults });

test('an entry that one process has kept is there for the other, in both directions', async () => {
  const { store, file } = openFile();
  const person = beside(file);
  expect(store.othersWrote()).toBe(false);
  expect(await person.recordAlert(record, run, owed)).toBe(true);
  // A terminal that finds the same entry an hour later in its run has nothing to tell.
  expect(store.recordAlert({ ...record, at: T0 + 60_000 }, run)).toBe(false);
  expect(store.othersWrote()).toBe(true);
  expect(store.othersWrote()).toBe(false);
  expect(store.alerts(10, null)).toEqual([record]);
  // Killed before it told: the terminal tells it, as grave as it was.
  expect(store.owed()).toEqual([{ ...owed, since: T0 + 5 }]);
  store.paid(['alert r1'], [owed.text]);
  expect((await person.posts(T0 + 5, Number.MAX_SAFE_INTEGER)).due?.text).toEqual(owed.text);
  expect(await person.owed()).toEqual([]);
  store.acknowledge([record]);
  expect(await person.newestAlerts()).toEqual([{ ...record, acknowledgedAt: expect.any(Number) as number }]);
  const entry = {
    instrument: 'alpha:BTCUSDT',
    at: T0,
    side: 1,
    d: 0.001,
    theta: 0.0005,
    k: 3,
    n: 12,
    observations: 3,
    running: 0,
  } as const;
  expect(store.recordSignal(entry, T0 - 3_600_000)).toBe(true);
  expect(await person.recordSignal({ ...entry, at: T0 + 1000 }, T0 - 3_600_000)).toBe(false);
});

test('it follows what the person says, and says what was in force before', () => {
  const { store, file } = openFile();
  const person = beside(file);
  expect(person.reread()).toBeNull();
  store.keep([{ kind: 'threshold', id: '', body: JSON.stringify({ ...defaults.thresholds, theta: 0.002 }) }]);
  expect(person.reread()?.thresholds.theta).toBe(defaults.thresholds.theta);
  expect(person.current.thresholds.theta).toBe(0.002);
  expect(person.reread()).toBeNull();
});

test('a file of another kind or layout is neither read nor written, and that is said', async () => {
  const { store, file } = openFile();
  store.keep([{ kind: 'threshold', id: '', body: JSON.stringify(defaults.thresholds) }]);
  const wrong = beside(file, 'demo');
  expect(() => wrong.reread()).toThrow(/of another version of Perpscope/u);
  await expect(wrong.recordAlert(record, run)).rejects.toThrow(/of another version/u);
  expect(store.alerts(10, null)).toEqual([]);
  // None yet: nothing to judge, and nothing is made.
  const none = beside(join(tempDir(), 'person.sqlite'));
  expect(none.reread()).toBeNull();
  expect(none.current.thresholds).toEqual(defaults.thresholds);
});
