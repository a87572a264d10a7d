import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deriveIntervals } from '#domain/interval.ts';
import { emaDivergence } from '#domain/metrics/catalog/ema-divergence.ts';
import { impliedDivergence } from '#domain/metrics/catalog/implied-divergence.ts';
import { score } from '#domain/metrics/catalog/score.ts';
import { signal } from '#domain/metrics/catalog/signal.ts';
import { totalFunding } from '#domain/metrics/catalog/total-funding.ts';
import type { FrameInstrument, FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { hourFrame } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { METRICS } from '#domain/metrics/index.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { HAS_VALUE, reasonCode } from '#domain/metrics/reason.ts';
import { evaluate, MetricRun } from '#domain/metrics/run.ts';
import { settlementKey } from '#domain/time.ts';
import { haveRecorded } from '../recorded.ts';
import { btc, noHours, noPrices, rowOf } from './market.ts';

const shared = resolve(import.meta.dirname, '../../../../../shared');

interface Recorded {
  readonly instrument: FrameInstrument;
  readonly history: Parameters<typeof settlementFrame>[1];
}
/** A file as the store keeps it; its marks are the rows' own and stand for hourly prices at the keys too. */
function load(path: string): Recorded {
  const rows = new Map<number, number[]>();
  const [, ...lines] = readFileSync(join(shared, 'data', path), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const [stamp, rate, intervalH, mark] = line.split(',').map((text) => (text === '' ? NaN : Number(text)));
    const key = settlementKey(stamp!);
    if (!rows.has(key)) rows.set(key, [key, rate!, intervalH ?? NaN, mark ?? NaN]);
  }
  const sorted = [...rows.values()].sort((a, b) => a[0]! - b[0]!);
  const nth = (n: number): Float64Array => Float64Array.from(sorted, (row) => row[n]!);
  const settled = { key: nth(0), rate: nth(1), intervalH: deriveIntervals(nth(0), nth(2)).intervalH, mark: nth(3) };
  const [, venue = '', file = ''] = /([a-z]+)[/-](.*)\.csv$/u.exec(path) ?? [];
  const instrument = btc(venue, { id: `${venue}:${file}` });
  return { instrument, history: { settled, hours: noHours, prices: { ...noPrices, close: nth(0), mark: nth(3), index: nth(3) } } };
}
const hoursOf = ({ instrument, history }: Recorded) => hourFrame(instrument, history, null, history.settled.key.at(-1)!);

interface Golden {
  readonly ema_divergence: readonly {
    venue: string;
    symbol: string;
    n: number;
    hours: number;
    points: readonly { t: number; d: number | null }[];
  }[];
  readonly signals: readonly {
    venue: string;
    symbol: string;
    n: number;
    theta_per_hour: number;
    k: number;
    entries: readonly { t: number; side: number }[];
  }[];
  readonly score: readonly {
    venue: string;
    symbol: string;
    W: number;
    rf_per_8h: number;
    points: readonly { t: number; div: number | null; score: number | null }[];
  }[];
  readonly cumulative: readonly { venue: string; symbol: string; settlements: number; sum: number }[];
}
const golden: Golden = haveRecorded
  ? (JSON.parse(readFileSync(join(shared, 'golden/metrics.json'), 'utf8')) as Golden)
  : { ema_divergence: [], signals: [], score: [], cumulative: [] };
const file = ({ venue, symbol }: { venue: string; symbol: string }): Recorded => load(`funding-1y/${venue}/${symbol}.csv`);

describe.skipIf(!haveRecorded)('equal to the reference values', () => {
  test.each(golden.ema_divergence)('EMA divergence, $venue $symbol, n = $n', ({ n, hours, points, ...of }) => {
    const frame = hoursOf(file(of));
    const { value } = evaluate(emaDivergence, resolveParams(emaDivergence.params, { n }), frame);
    expect(value.length).toBe(hours);
    for (const { t, d } of points) {
      const mine = value[frame.time.indexOf(t)]!;
      if (d === null) expect(mine).toBeNaN();
      else expect(Math.abs(mine - d)).toBeLessThanOrEqual(1e-15);
    }
  });

  test.each(golden.signals)('signal, $venue $symbol, theta = $theta_per_hour', ({ n, theta_per_hour: theta, k, entries, ...of }) => {
    const frame = hoursOf(file(of));
    const { value } = evaluate(signal, resolveParams(signal.params, { n, theta, k }), frame);
    const active = [];
    // An entry is a first 2 after building; active again after fading is none. k periods were built before it.
    for (let i = 1; i < value.length; i++) {
      const before = value[i - 1]!;
      if (Math.abs(value[i]!) === 2 && Math.abs(before) < 2) active.push({ t: frame.time[i]!, side: Math.sign(value[i]!) });
      if (Math.abs(value[i]!) === 2 && Math.abs(before) >= 2 && before * value[i]! < 0)
        active.push({ t: frame.time[i]!, side: Math.sign(value[i]!) });
    }
    expect(active).toEqual(entries);
  });

  test.each(golden.score)('score, $venue $symbol', ({ W: w, rf_per_8h: rf, points, ...of }) => {
    const { instrument, history } = file(of);
    const frame = settlementFrame(instrument, history);
    const scores = evaluate(score, resolveParams(score.params, { w, rf }), frame);
    const implied = evaluate(impliedDivergence, resolveParams(impliedDivergence.params, { rf }), frame);
    let compared = 0;
    for (const { t, div, score: expected } of points) {
      const row = frame.time.indexOf(t);
      if (div === null) expect(implied.value[row]).toBeNaN();
      else expect(Math.abs(implied.value[row]! - div)).toBeLessThanOrEqual(1e-15);
      if (expected === null) expect(scores.value[row]).toBeNaN();
      else expect(Math.abs(scores.value[row]! / expected - 1)).toBeLessThanOrEqual(1e-9);
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });

  test.each(golden.cumulative)('sum of $venue $symbol', ({ settlements, sum, ...of }) => {
    const { instrument, history } = file(of);
    const frame = settlementFrame(instrument, history);
    const { value } = evaluate(totalFunding, {}, frame);
    expect(value.length).toBe(settlements);
    expect(Math.abs(value.at(-1)! - sum)).toBeLessThanOrEqual(1e-15);
  });
});

const files = haveRecorded
  ? ['funding-1y/binance', 'funding-1y/bybit', 'funding-1y/hyperliquid', 'funding-2020-2023'].flatMap((folder) =>
      existsSync(join(shared, 'data', folder)) ? readdirSync(join(shared, 'data', folder)).map((name) => `${folder}/${name}`) : [],
    )
  : [];

const outOfRange = reasonCode('out-of-range');

describe.skipIf(!haveRecorded)('over recorded history', () => {
  test.each(files)('%s: numbers or reasons, one row at a time as in one batch', (path) => {
    const recorded = load(path);
    const hour = hoursOf(recorded);
    const group = [hour, ...(path === files[0] ? files.slice(1, 3).map((other) => hoursOf(load(other))) : [])];
    const frames: Omit<Frames, 'book'> = {
      hour,
      bar: hour,
      settlement: settlementFrame(recorded.instrument, recorded.history),
      asset: assetFrame(group, recorded.instrument.id),
      basket: basketFrame(group, recorded.instrument.id),
    };
    for (const metric of METRICS) {
      if (metric.on === 'book') continue;
      const it = metric as Metric;
      const frame: Frames[FrameKind] = frames[metric.on];
      const params = resolveParams(metric.params, {});
      const batch = evaluate(it, params, frame);
      const live = new MetricRun(it, params);
      let known = 0;
      for (let row = 0; row < frame.time.length; row++) {
        live.push(frame, row);
        const value = batch.value[row]!;
        const sound = batch.reason[row] === HAS_VALUE ? Number.isFinite(value) && !Object.is(value, -0) : Number.isNaN(value);
        if (!sound || !Object.is(live.value, value) || batch.reason[row] === outOfRange)
          expect.fail(`${metric.name}, row ${row}: ${value}, reason ${batch.reason[row]}`);
        if (batch.reason[row] === HAS_VALUE) known++;
      }
      if (['funding', 'ema-divergence', 'funding-rank', 'same-sign-run'].includes(metric.name))
        expect(known).toBeGreaterThan(0.5 * frame.time.length);
    }
  });

  test('one row alone is enough for the live path, a year long', () => {
    const { instrument, history } = load('funding-1y/binance/BTCUSDT.csv');
    const frame = settlementFrame(instrument, history);
    const params = resolveParams(score.params, {});
    const batch = evaluate(score, params, frame);
    const live = new MetricRun(score, params);
    for (let row = 0; row < frame.time.length; row++) {
      live.push(rowOf<'settlement'>(frame, row), 0);
      expect(live.value).toBe(batch.value[row]);
    }
  });
});
