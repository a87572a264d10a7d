import { expect, test } from 'vitest';
import type { AlertRecord } from '#core/ports/person.ts';
import { T0 } from '../history/support.ts';
import { openFile } from './support.ts';

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
  const { store, file } = openFile();
  expect(store.recordAlert(alert(3), run(1))).toBe(true);
  // The past changed a little: the same run enters an hour earlier or later.
  expect(store.recordAlert(alert(2), run(1))).toBe(false);
  expect(store.recordAlert(alert(4), run(2))).toBe(false);
  // Another run before it, another rule, another instrument.
  expect(store.recordAlert(alert(0, { told: false }), run(-2, 0))).toBe(true);
  expect(store.recordAlert(alert(3, { rule: 'r2' }), run(1))).toBe(true);
  expect(store.recordAlert(alert(3, { instrument: 'alpha:ETHUSDT' }), run(1))).toBe(true);
  const kept = [alert(3), alert(3, { instrument: 'alpha:ETHUSDT' }), alert(3, { rule: 'r2' }), alert(0, { told: false })];
  expect(store.alerts(10, null)).toEqual(kept);
  expect(store.alerts(2, null)).toEqual(kept.slice(0, 2));
  store.close();
  expect(openFile(file).store.alerts(10, null)).toEqual(kept);
});

test('what cannot be is refused and changes nothing', () => {
  const { store } = openFile();
  expect(() => store.recordAlert(alert(1, { at: NaN }), run(0))).toThrow();
  expect(() => store.recordAlert(alert(1), run(1, 0))).toThrow();
  expect(() => store.recordAlert(alert(1, { body: 'x'.repeat(64 * 1024 + 1) }), run(0))).toThrow(/65537 characters/u);
  expect(store.alerts(10, null)).toEqual([]);
});

test('the log of a moment has what was written by then, whenever it happened', () => {
  const { store, clock } = openFile();
  clock.now = T0 + 5 * HOUR;
  store.recordAlert(alert(4), run(3));
  clock.now = T0 + 7 * HOUR;
  store.recordAlert(alert(1, { told: false }), run(0, 2));
  expect(store.alerts(9, T0 + 5 * HOUR - 1)).toEqual([]);
  expect(store.alerts(9, T0 + 6 * HOUR)).toEqual([alert(4)]);
  expect(store.alerts(9, T0 + 7 * HOUR)).toEqual([alert(4), alert(1, { told: false })]);
});

test('an entry of a signal is kept as it was given, once, and known from when it was written', () => {
  const { store, clock } = openFile();
  const instrument = 'binance:BTCUSDT';
  const entry = { instrument, at: T0, side: -1, d: -0.001, theta: 0.0005, k: 3, n: 12, observations: 3, running: 2 } as const;
  clock.now = T0 + HOUR;
  const startedAt = T0 - 2 * HOUR;
  expect(store.recordSignal(entry, startedAt)).toBe(true);
  clock.now = T0 + 2 * HOUR;
  expect(store.recordSignal({ ...entry, d: -0.002 }, startedAt)).toBe(false);
  // The past changed a little: the same run enters an hour earlier or later. One of another threshold is another.
  for (const moved of [-1, 1]) expect(store.recordSignal({ ...entry, at: T0 + moved * HOUR }, startedAt)).toBe(false);
  expect(store.recordSignal({ ...entry, at: T0 - HOUR, n: 24 }, startedAt)).toBe(true);
  expect(store.signals(instrument, T0 - 1, T0, null)).toEqual([entry]);
  expect(store.signals(instrument, T0, T0 + HOUR, null)).toEqual([]);
  expect(store.signals(instrument, T0 - 1, T0, T0)).toEqual([]);
  expect(store.signals(instrument, T0 - 1, T0, T0 + HOUR)).toEqual([entry]);
  expect(() => store.recordSignal({ ...entry, at: T0 + 1, d: NaN }, T0)).toThrow();
});

test('what was told of how a rule stands is no entry of its run, and what was seen is kept beside it', () => {
  const { store, clock, file } = openFile();
  clock.now = T0 + 9 * HOUR;
  const lost = alert(2, { body: JSON.stringify({ kind: 'no-data' }) });
  expect(store.recordAlert(lost, run(2, 2))).toBe(true);
  // Found again at the same close, it is there.
  expect(store.recordAlert(lost, run(2, 2))).toBe(false);
  expect(store.recordAlert(alert(3), run(1))).toBe(true);
  const again = alert(5, { body: JSON.stringify({ kind: 'again' }) });
  expect(store.recordAlert(again, run(5, 5))).toBe(true);
  const held = alert(4, { rule: 'r2', told: false });
  expect(store.recordAlert(held, run(4))).toBe(true);
  store.acknowledge([alert(3), alert(3)]);
  store.close();
  const { store: open } = openFile(file);
  const seen = { ...alert(3), acknowledgedAt: T0 + 9 * HOUR };
  expect(open.newestAlerts().sort((a, b) => a.at - b.at)).toEqual([seen, held, again]);
  expect(open.alerts(9, T0 + 9 * HOUR)).toEqual([again, held, seen, lost]);
});

test('the log of signals is of all instruments, the newest first, and of a moment what was written by then', () => {
  const { store, clock } = openFile();
  const signal = (hour: number, instrument: string) => ({
    instrument,
    at: T0 + hour * HOUR,
    side: 1 as const,
    d: 0.001,
    theta: 0.0005,
    k: 3,
    n: 12,
    observations: 3,
    running: 0,
  });
  clock.now = T0 + 5 * HOUR;
  store.recordSignal(signal(3, 'alpha:BTCUSDT'), T0);
  clock.now = T0 + 7 * HOUR;
  store.recordSignal(signal(6, 'alpha:ETHUSDT'), T0);
  expect(store.signalLog(9, null)).toEqual([signal(6, 'alpha:ETHUSDT'), signal(3, 'alpha:BTCUSDT')]);
  expect(store.signalLog(1, null)).toEqual([signal(6, 'alpha:ETHUSDT')]);
  expect(store.signalLog(9, T0 + 6 * HOUR)).toEqual([signal(3, 'alpha:BTCUSDT')]);
});
