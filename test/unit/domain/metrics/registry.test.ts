import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClosedAverage, emaDivergence as columnsOf } from '#domain/divergence.ts';
import { emaDivergence } from '#domain/metrics/catalog/ema-divergence.ts';
import { spike } from '#domain/metrics/catalog/spike.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { explain } from '#domain/metrics/explain.ts';
import { findMetric, METRICS, type AnyMetric } from '#domain/metrics/index.ts';
import type { Metric, MetricColumns } from '#domain/metrics/metric.ts';
import { resolveParams, type Params } from '#domain/metrics/params.ts';
import { HAS_VALUE, reasonCode, reasonOf, reasonSentence } from '#domain/metrics/reason.ts';
import { evaluate, MetricRun } from '#domain/metrics/run.ts';
import { framesOf, hoursOf, longMarket, rowOf, storedAt, storedMarket } from './market.ts';

/** Windows short enough that generated series fill them: the same code with other numbers. */
const SHORT: Readonly<Record<string, number>> = { n: 3, w: 4, days: 1, hours: 5, k: 2, theta: 0.0001 };
const paramsOf = ({ params }: AnyMetric): Params =>
  resolveParams(params, Object.fromEntries(Object.keys(params).flatMap((name) => (name in SHORT ? [[name, SHORT[name]]] : []))));

/** The frame that the metric walks. METRICS is a union over kinds; the pair belongs together by `on`. */
const walk = <T>(metric: AnyMetric, frames: Frames, use: (metric: Metric, frame: Frames[FrameKind]) => T): T =>
  use(metric, frames[metric.on]);
const run = (metric: AnyMetric, frames: Frames, params = paramsOf(metric)): MetricColumns =>
  walk(metric, frames, (it, frame) => evaluate(it, params, frame));

const isSound = ({ value, reason }: MetricColumns): boolean =>
  value.every((x, i) =>
    reason[i] === HAS_VALUE ? Number.isFinite(x) && !Object.is(x, -0) : Number.isNaN(x) && reasonOf(reason[i]!) !== null,
  );

/** A gap before a longer interval's first settlement is told apart only when that has come (see hourlySeries). */
const sameReason = (a: number, b: number): boolean =>
  a === b || [a, b].every((code) => code === reasonCode('gap') || code === reasonCode('interval-unknown'));

describe('the registry', () => {
  test('names are unique kebab-case and found', () => {
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
    for (const metric of METRICS) {
      expect(metric.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
      expect(findMetric(metric.name)).toBe(metric);
    }
    expect(findMetric('no-such-metric')).toBeUndefined();
  });

  test.each(METRICS.map((metric) => [metric.name, metric] as const))('%s says what it is', (_, metric) => {
    for (const text of [metric.title, metric.says, metric.formula, metric.source]) expect(text.length).toBeGreaterThan(3);
    expect(metric.says).not.toContain('\n');
    expect(metric.inputs.length).toBeGreaterThan(0);
    const defaults = resolveParams(metric.params, {});
    for (const [name, spec] of Object.entries(metric.params)) expect(defaults[name]).toBe(spec.default);
    const window = metric.window(defaults);
    if (window !== null) expect(window.need).toBeLessThanOrEqual(window.length);
  });
});

test('a value that is no number and has no reason of its own is out of range, row by row as in a batch', () => {
  const gap: Metric<'hour'> = {
    ...spike,
    state: () => ({}),
    start: (_, no) => ({ next: (_frame, row) => (row === 1 ? no('gap') : row === 3 ? Infinity : NaN) }),
  };
  const frame = hoursOf([1e-5, 2e-5, 3e-5, 4e-5]);
  const expected = ['out-of-range', 'gap', 'out-of-range', 'out-of-range'];
  const batch = evaluate(gap, {}, frame);
  expect(Array.from(batch.reason, reasonOf)).toEqual(expected);
  const live = new MetricRun(gap, {});
  expect(
    expected.map((_, row) => {
      live.push(frame, row);
      return reasonOf(live.reason);
    }),
  ).toEqual(expected);
});

const markets = fc.array(storedMarket, { minLength: 3, maxLength: 3 });

describe.each(METRICS.map((metric) => [metric.name, metric] as const))('%s', (_, metric) => {
  test('is a number or has a reason, row by row from one-row frames as in one batch', () => {
    fc.assert(
      fc.property(markets, (stored) => {
        const frames = framesOf(stored);
        const batch = run(metric, frames);
        expect(isSound(batch)).toBe(true);
        walk(metric, frames, (it, frame) => {
          const live = new MetricRun(it, paramsOf(metric));
          for (let row = 0; row < frame.time.length; row++) {
            const one = rowOf(frame, row);
            live.live(one, 0);
            expect(Number.isNaN(live.liveValue)).toBe(live.liveReason !== HAS_VALUE);
            live.push(one, 0);
            if (!Object.is(live.value, batch.value[row]) || live.reason !== batch.reason[row]) {
              expect.fail(`row ${row}: ${live.value} (${live.reason}) live, ${batch.value[row]} (${batch.reason[row]}) in the batch`);
            }
          }
        });
      }),
      { numRuns: 8 },
    );
  });

  test('goes on from a copy as if it had never been copied, whatever becomes of the other one', () => {
    fc.assert(
      fc.property(markets, fc.integer({ min: 1, max: 7 }), (stored, every) => {
        walk(metric, framesOf(stored), (it, frame) => {
          const whole = new MetricRun(it, paramsOf(metric));
          let copied = new MetricRun(it, paramsOf(metric));
          const said = (one: MetricRun<FrameKind>, row: number): unknown => {
            one.live(frame, row);
            return [one.value, one.reason, one.liveValue, one.liveReason, one.audit(frame, row)];
          };
          for (let row = 0; row < frame.time.length; row++) {
            if (row % every === 0) {
              const before = copied;
              copied = before.copy();
              for (let other = 0; other < row; other += every) before.push(frame, other);
            }
            whole.push(frame, row);
            copied.push(frame, row);
            expect(said(copied, row)).toEqual(said(whole, row));
          }
        });
      }),
      { numRuns: 4 },
    );
  });

  test('looks at the row in progress the same whatever came before, where it has no window', () => {
    fc.assert(
      fc.property(markets, (stored) => {
        walk(metric, framesOf(stored), (it, frame) => {
          const params = paramsOf(metric);
          const walked = new MetricRun(it, params);
          if (it.window(params) !== null || !walked.moves) return;
          for (let row = 0; row < frame.time.length; row++) {
            const fresh = new MetricRun(it, params);
            walked.live(frame, row);
            fresh.live(frame, row);
            expect([walked.liveValue, walked.liveReason]).toEqual([fresh.liveValue, fresh.liveReason]);
            walked.push(frame, row);
          }
        });
      }),
      { numRuns: 4 },
    );
  });

  test('is the same number when only the past is stored', () => {
    fc.assert(
      fc.property(markets, fc.double({ min: 0.05, max: 1, noNaN: true }), (stored, share) => {
        const frames = framesOf(stored);
        const { time } = frames[metric.on];
        if (time.length === 0) return;
        const t = time[Math.floor((time.length - 1) * share)]!;
        const then = framesOf(
          stored.map((market) => storedAt(market, t)),
          t,
        );
        const known = then[metric.on].time.length;
        const now = run(metric, frames);
        const past = run(metric, then);
        const shift = time.indexOf(then[metric.on].time[0] ?? NaN);
        for (let row = 0; row < known; row++) {
          expect(past.value[row]).toBe(now.value[shift + row]);
          expect(sameReason(past.reason[row]!, now.reason[shift + row]!)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('explains every row as the batch has it', () => {
    fc.assert(
      fc.property(markets, fc.double({ min: 0, max: 0.999, noNaN: true }), (stored, share) => {
        const frames = framesOf(stored);
        const batch = run(metric, frames);
        if (batch.value.length === 0) return;
        const row = Math.floor(batch.value.length * share);
        const why = walk(metric, frames, (it, frame) => explain(it, paramsOf(metric), frame, row));
        expect(why.value).toBe(batch.reason[row] === HAS_VALUE ? batch.value[row] : null);
        expect(why.reason).toBe(reasonOf(batch.reason[row]!));
        if (why.reason !== null) expect(reasonSentence(why.reason)).toMatch(/\.$/u);
        expect(why.time).toBe(frames[metric.on].time[row]);
        const numbers = [...why.inputs.map(({ value }) => value), ...Object.values(why.parts)].filter((value) => value !== null);
        expect(numbers.every((value) => Number.isFinite(value) && !Object.is(value, -0))).toBe(true);
        if (why.window !== null) expect(why.window.from).toBeLessThanOrEqual(why.window.to);
        if (why.value !== null && why.window !== null) expect(why.window.n).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });
});

describe('months of hours, with the defaults', () => {
  const frames = framesOf([1, 2, 3].map(longMarket));
  const rows = new Map<FrameKind, Frames[FrameKind][]>();
  const rowsOf = (kind: FrameKind): Frames[FrameKind][] => {
    const frame: Frames[FrameKind] = frames[kind];
    const known = rows.get(kind) ?? Array.from(frame.time, (_, row) => rowOf(frame, row));
    rows.set(kind, known);
    return known;
  };

  test.each(METRICS.map((metric) => [metric.name, metric] as const))(
    '%s: one row at a time as in one batch, and it has values',
    (_, metric) => {
      const params = resolveParams(metric.params, {});
      const batch = run(metric, frames, params);
      expect(isSound(batch)).toBe(true);
      // Its plateaus, gaps and changes of interval come more often than 60 settlements in a row.
      if (metric.name !== 'half-life') expect(batch.reason).toContain(HAS_VALUE);
      walk(metric, frames, (it) => {
        const live = new MetricRun(it, params);
        rowsOf(metric.on).forEach((one, row) => {
          live.push(one, 0);
          if (!Object.is(live.value, batch.value[row])) expect.fail(`row ${row}: ${live.value} live, ${batch.value[row]} in the batch`);
        });
      });
    },
  );
});

test('the fast form of the EMA divergence is the metric, bit for bit', () => {
  fc.assert(
    fc.property(storedMarket, fc.integer({ min: 1, max: 6 }), fc.constantFrom('ema' as const, 'simple' as const), (stored, n, average) => {
      const frame = framesOf([stored]).hour;
      const metric = evaluate(emaDivergence, resolveParams(emaDivergence.params, { n, average }), frame);
      const { ema, d } = columnsOf(frame.f, n, average);
      expect(d).toEqual(metric.value);
      const closed = new ClosedAverage(n, average);
      frame.f.forEach((f, i) => {
        if (!Object.is(ema[i], closed.value)) expect.fail(`row ${i}: ${ema[i]} in columns, ${closed.value} one at a time`);
        closed.close(f);
      });
    }),
  );
});
