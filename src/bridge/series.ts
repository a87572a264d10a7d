import { z } from 'zod';
import { instrument } from './instrument.ts';
import { metricChoice, signalParams } from './settings.ts';

/** Values of one instrument over time, as columns, and what stands behind one of them. Times are epoch ms UTC, rates decimals. */

export const column = z.instanceof(Float64Array);
const bytes = z.instanceof(Uint8Array);
const time = z.number();

/** The divergence chart's whole data, columns over contiguous hour closes. */
export const divergence = z.object({
  instrument,
  params: signalParams,
  /** Hour closes; f, EMA (of the hours before) and D, per hour; NaN where there is none. */
  time: column,
  f: column,
  /** 0 gap, 1 step of a settled rate, 2 running observation, 3 gap for an unknown interval. */
  kind: bytes,
  ema: column,
  d: column,
  /** Where the rate rested at each close, per hour, by the interest of that time; 1 in the other where that is not stored and another stands in. */
  neutral: column,
  neutralAssumed: bytes,
  /** Settlements in the range: key, rate per interval and interval (NaN unknown). */
  settledAt: column,
  settledRate: column,
  settledIntervalH: column,
  /** In venue time, 1: learnt after the moment. */
  settledLate: bytes,
  /** Entries into active: time and side, by replay of the same range with today's thresholds. */
  entryAt: column,
  entrySide: column,
  /** From when on the venue has made its rates by another formula, and where it says so. */
  formulaAt: column,
  formulaSaid: z.array(z.string()),
  /** Mark, index (or last) per hour close where known. */
  mark: column,
  index: column,
  /** From where the store's history is proven complete to `now`. */
  completeFrom: time.nullable(),
  /** Sentences for the person about the whole of it: what of its time retention has deleted. */
  notes: z.array(z.string()),
});
export type Divergence = z.infer<typeof divergence>;

/** One metric of one instrument over time, on the rows of the metric's own frame. `value` NaN where `reason` is not 0. */
export const metricSeries = z.object({
  /** The choice with every parameter resolved. */
  choice: metricChoice,
  time: column,
  value: column,
  /** Codes of `reasonOf` in the domain; 0: there is a value. */
  reason: bytes,
  /** The row in progress, of now. */
  live: z.object({ time, value: z.number().nullable(), reason: z.string().nullable(), word: z.string() }).nullable(),
  /** Sentences for the person about the whole of it: what of its time retention has deleted. */
  notes: z.array(z.string()),
});
export type MetricSeries = z.infer<typeof metricSeries>;

/** What one value came from; the shape is the domain's `Explanation`. */
export const explanation = z.object({
  metric: z.string(),
  time,
  value: z.number().nullable(),
  reason: z.string().nullable(),
  wants: z.string().nullable(),
  word: z.string(),
  params: metricChoice.shape.params,
  formula: z.string(),
  inputs: z.array(z.object({ name: z.string(), value: z.number().nullable(), source: z.string(), time: time.nullable() })),
  window: z
    .object({
      from: time,
      to: time,
      first: time.nullable(),
      last: time.nullable(),
      need: z.number(),
      coveredH: z.number().nullable(),
      n: z.number(),
      possible: z.number(),
      gaps: z.number(),
      missing: z.number().nullable(),
      latestGap: time.nullable(),
      sources: z.array(z.object({ name: z.string(), source: z.string(), n: z.number() })).readonly(),
    })
    .nullable(),
  instruments: z.object({ n: z.number(), of: z.number() }).nullable(),
  floors: z.array(z.object({ name: z.string(), floor: z.number(), value: z.number(), applied: z.boolean() })),
  parts: z.record(z.string(), z.number().nullable()),
  notes: z.array(z.string()),
});
