import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Span } from '#domain/time.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, openStore, T0, tempDir } from './support.ts';

const ID = 'binance:BTCUSDT';
const at = (hour: number): number => T0 + hour * HOUR;

interface Old {
  /** Hour and interval (h). */
  readonly settled?: readonly (readonly [hour: number, intervalH: number | null])[];
  /** Hour of the close, mark and index. */
  readonly prices?: readonly (readonly [hour: number, mark: number | null, index: number | null, last?: number])[];
  readonly spans: readonly (readonly [kind: 'settled' | 'price', from: number, to: number])[];
}

/** A folder as versions up to the sixth migration left it. */
function oldFolder({ settled = [], prices = [], spans }: Old): ReturnType<typeof openStore> {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(old, MIGRATIONS.slice(0, 6));
  old.prepare('INSERT INTO instruments VALUES (1, ?, ?, ?, ?, ?, ?, ?, 1)').run(ID, 'binance', 'BTCUSDT', 'BTC', 'USDT', 'USDT', 'linear');
  for (const [hour, intervalH] of settled) {
    old
      .prepare('INSERT INTO settled VALUES (1, ?, ?, 0.0001, ?, ?, 99, 7, NULL)')
      .run(at(hour), at(hour) + 3, intervalH, intervalH === null ? null : 2);
  }
  for (const [hour, mark, index, last = null] of prices) {
    old.prepare('INSERT INTO prices VALUES (1, ?, ?, ?, ?)').run(at(hour), mark, index, last);
  }
  for (const [kind, from, to] of spans) old.prepare('INSERT INTO spans VALUES (1, ?, ?, ?)').run(kind, from, to);
  old.close();
  return openStore(file);
}
const hours = (spans: readonly Span[]): number[][] => spans.map(({ from, to }) => [(from - T0) / HOUR, (to - T0) / HOUR]);
const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);
/** The stamp of a settlement in hours. */
const stamp = (hour: number): number => (at(hour) + 3 - T0) / HOUR;
const before = (hour: number): number => (at(hour) + 2 - T0) / HOUR;

test('a span that no stored row stands behind is asked for again', () => {
  const { store } = oldFolder({
    spans: [
      ['settled', 0, at(500)],
      ['price', 0, at(500)],
    ],
  });
  expect([store.spans(ID, 'settled'), store.spans(ID, 'price')]).toEqual([[], []]);
});

test('what settlements stand behind stays proven: not the head before them, the tail of a venue that lagged, nor a hole', () => {
  const keys = every(8, 0, 400).filter((hour) => hour !== 80 && (hour < 160 || hour > 240));
  const { store } = oldFolder({ settled: keys.map((hour) => [hour, 8]), spans: [['settled', 0, at(640)]] });
  expect(hours(store.spans(ID, 'settled'))).toEqual([
    [before(0), stamp(72)],
    [before(88), stamp(152)],
    [before(248), stamp(400)],
  ]);
  expect([...store.settled(ID, 0, Infinity).key]).toEqual(keys.map(at));
});

test('hours without a price, or without the index beside the mark, are asked for again', () => {
  const prices = every(1, 1, 100)
    .filter((hour) => hour !== 10)
    .map((hour) => [hour, hour === 20 ? null : 5, hour === 30 ? null : 5] as const);
  const { store } = oldFolder({ prices, spans: [['price', 0, at(120)]] });
  expect(hours(store.spans(ID, 'price'))).toEqual([
    [0, 9],
    [10, 19],
    [20, 29],
    [30, 100],
  ]);
});

test('trades alone are a whole hour where a venue serves no mark', () => {
  const prices = every(1, 1, 50).map((hour) => [hour, null, null, 5] as const);
  expect(hours(oldFolder({ prices, spans: [['price', at(-10), at(60)]] }).store.spans(ID, 'price'))).toEqual([[0, 50]]);
});

test('what was not proven before is not proven by the repair, and many pieces keep the newest', () => {
  const keys = every(8, 0, 80);
  const { store } = oldFolder({
    settled: keys.map((hour) => [hour, 8]),
    prices: every(1, 1, 400).flatMap((hour) => (hour % 3 === 0 ? [] : [[hour, 5, 5] as const])),
    spans: [
      ['settled', at(16), at(40)],
      ['price', 0, at(400)],
    ],
  });
  expect(hours(store.spans(ID, 'settled'))).toEqual([[16, 40]]);
  const pieces = hours(store.spans(ID, 'price'));
  expect(pieces).toHaveLength(64);
  expect(pieces.at(-1)).toEqual([399, 400]);
});

test('a folder is repaired once: the next start finds what the first one left', () => {
  const { store, file } = oldFolder({ settled: every(8, 0, 80).map((hour) => [hour, 8]), spans: [['settled', 0, at(90)]] });
  const spans = store.spans(ID, 'settled');
  store.close();
  expect(openStore(file).store.spans(ID, 'settled')).toEqual(spans);
});

test('an interval from polls that the settlements beside it refute is their distance; a change that fits stays', () => {
  const hourly = every(1, 24, 44);
  const { store } = oldFolder({
    settled: [...every(8, 0, 16).map((hour) => [hour, 8] as const), ...hourly.map((hour) => [hour, 8] as const)],
    spans: [['settled', 0, at(44)]],
  });
  const { key, intervalH } = store.settled(ID, 0, Infinity);
  expect([...intervalH].slice(0, 3)).toEqual([8, 8, 8]);
  // The row at 24 h came eight hours after the one before: nothing refutes it but what came later.
  expect([...intervalH].slice(4)).toEqual(hourly.slice(1).map(() => 1));
  expect(key).toHaveLength(3 + hourly.length);
});
