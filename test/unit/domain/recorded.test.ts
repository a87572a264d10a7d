import { describe, expect, test } from 'vitest';
import { emaDivergence } from '#domain/divergence.ts';
import { deriveIntervals } from '#domain/interval.ts';
import { hourlySeries, KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_STEP, type SettledRates } from '#domain/series.ts';
import { HOUR_MS } from '#domain/time.ts';
import { isClean, unobserved } from './market.ts';
import { haveRecorded, recorded } from './recorded.ts';

/** Intervals from nothing but the keys, as the store derives them when a venue states none. */
const derived = (path: string): SettledRates => {
  const rows = recorded(path);
  return { ...rows, intervalH: deriveIntervals(rows.key, new Float64Array(rows.key.length).fill(NaN)).intervalH };
};
const count = (values: ArrayLike<number>, wanted: number): number => Array.from(values).filter((value) => Object.is(value, wanted)).length;
const seriesOf = (settled: SettledRates, to = settled.key.at(-1)!) => hourlySeries(settled, unobserved, null, to);

describe.skipIf(!haveRecorded)('recorded history', () => {
  test('Bybit INJUSDT goes 8h -> 1h -> 8h, and its intervals come out of the keys', () => {
    const rows = derived('funding-1y/bybit/INJUSDT.csv');
    const published = recorded('funding-1y/bybit/INJUSDT.csv');
    expect(count(rows.intervalH, 1)).toBe(170);
    expect(count(published.intervalH, 1)).toBe(170);
    // The publisher infers the first row from the second; from the past alone two rows are unknown there and two at the change.
    for (let i = 2; i < rows.key.length; i++) if (!Number.isNaN(rows.intervalH[i]!)) expect(rows.intervalH[i]).toBe(published.intervalH[i]);
    expect(count(rows.intervalH, NaN)).toBe(4);

    const series = seriesOf(published);
    const unknown = Array.from(series.time).filter((_, i) => series.kind[i] === KIND_INTERVAL_UNKNOWN);
    expect(unknown.length).toBe(12);
    expect(unknown[0]).toBe(Date.UTC(2026, 1, 26, 20));
    expect(unknown.at(-1)).toBe(Date.UTC(2026, 1, 27, 7));
    expect(count(series.kind, KIND_GAP)).toBe(0);
  });

  test('Bybit INJPERP is 4h while INJUSDT is 8h: the same interest per hour', () => {
    const floor = (path: string): number => Math.max(...seriesOf(recorded(path)).f.slice(0, 24));
    expect(floor('funding-1y/bybit/INJPERP.csv')).toBe(floor('funding-1y/bybit/INJUSDT.csv'));
  });

  test('TON is delisted: after its last settlement the step ends and stays a gap', () => {
    const rows = recorded('funding-1y/binance/TONUSDT.csv');
    const last = rows.key.at(-1)!;
    const series = seriesOf(rows, last + 100 * HOUR_MS);
    const after = series.kind.slice(series.time.indexOf(last) + 1);
    expect([...after.slice(0, 4)]).toEqual(new Array(4).fill(KIND_STEP));
    expect([...after.slice(4)]).toEqual(new Array(96).fill(KIND_GAP));
  });

  test("Gate's hole of 752 h is one gap, and D warms up again after it", () => {
    const rows = derived('funding-2020-2023/gate-BTC-USDT.csv');
    const hole = rows.key.findIndex((key, i) => i > 0 && key - rows.key[i - 1]! === 752 * HOUR_MS);
    expect(hole).toBeGreaterThan(0);
    expect(rows.intervalH[hole]).toBeNaN();
    expect(rows.intervalH[hole + 1]).toBe(8);
    const series = seriesOf(rows);
    const { d } = emaDivergence(series.f, 12);
    const open = series.time.indexOf(rows.key[hole - 1]! + 9 * HOUR_MS);
    const back = series.time.indexOf(rows.key[hole + 1]!);
    expect(series.f.slice(open, back).every(Number.isNaN)).toBe(true);
    expect(count(series.kind.slice(open, back), KIND_GAP)).toBe(752 - 9);
    expect(d.slice(open, back + 12).every(Number.isNaN)).toBe(true);
    expect(d[back + 12]).not.toBeNaN();
  });

  test("HTX's gaps of 3, 5, 6 and 10 h are no intervals", () => {
    const rows = derived('funding-2020-2023/htx-BTC-USDT.csv');
    const gaps = new Set<number>();
    for (let i = 1; i < rows.key.length; i++) {
      const gapH = (rows.key[i]! - rows.key[i - 1]!) / HOUR_MS;
      if ([1, 2, 4, 8, 12, 24].includes(gapH)) continue;
      gaps.add(gapH);
      expect(rows.intervalH[i]).toBeNaN();
    }
    for (const gapH of [3, 5, 6, 10]) expect(gaps).toContain(gapH);
    expect(count(rows.intervalH, 8)).toBeGreaterThan(3000);
  });

  test('KuCoin settles at 04, 12 and 20', () => {
    const rows = derived('funding-2020-2023/kucoin-BTC-USDT.csv');
    expect(new Set(Array.from(rows.key, (key) => new Date(key).getUTCHours()))).toEqual(new Set([4, 12, 20]));
    expect(count(rows.intervalH, 8)).toBeGreaterThan(rows.key.length - 10);
  });

  test.each([
    ['binance', 'BTCUSDT', '0.0019'],
    ['binance', 'ETHUSDT', '0.0042'],
  ])('the largest |D| of a year on %s %s is %s %% per hour', (venue, symbol, percent) => {
    const { d } = emaDivergence(seriesOf(recorded(`funding-1y/${venue}/${symbol}.csv`)).f, 12);
    expect((Math.max(...d.map(Math.abs).filter(Number.isFinite)) * 100).toFixed(4)).toBe(percent);
  });

  test.each(['gate', 'htx', 'kucoin', 'mexc', 'dydx', 'binance', 'bybit'])('%s from 2020 on gives clean numbers only', (venue) => {
    const { f, time } = seriesOf(derived(`funding-2020-2023/${venue}-BTC-USDT.csv`));
    const { ema, d } = emaDivergence(f, 24);
    for (const column of [time, f, ema, d]) expect(isClean(column)).toBe(true);
    expect(d.filter(Number.isFinite).length).toBeGreaterThan(0.9 * d.length);
  });
});
