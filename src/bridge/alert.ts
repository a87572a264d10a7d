import { z } from 'zod';
import { asOf } from './as-of.ts';
import { alertCondition, alertRule, instrumentIdText } from './settings.ts';

/** Alerts on metrics: what is asked, how it stands, what entered. Times are epoch ms UTC. */

const time = z.number();
const { name, on, conditions, k, enabled } = alertRule.shape;

/** `id` null: a new one; else it takes the place of that one. */
export const alertSave = z.strictObject({ id: alertRule.shape.id.nullable(), name, on, conditions, k, enabled });
export type AlertSave = z.infer<typeof alertSave>;

/** A rule on one instrument as of the last closed period. */
export const alertState = z.object({
  rule: z.string(),
  instrument: z.string(),
  phase: z.enum(['quiet', 'building', 'active', 'fading']),
  /** Closed periods of the run so far. */
  periods: z.number(),
  enteredAt: time.nullable(),
  /** The last period that was judged; null: none yet. */
  at: time.nullable(),
  /** At that period, in the order of the conditions; `why` is null where there is a value. */
  values: z.array(z.number().nullable()),
  why: z.array(z.string().nullable()),
});
export type AlertState = z.infer<typeof alertState>;

/** What is kept of an entry besides who entered and when: it reads the same when the rule has changed or is gone. */
export const alertBody = z.object({
  name: z.string(),
  k: z.number(),
  conditions: z.array(alertCondition.safeExtend({ value: z.number() })),
});
export type AlertBody = z.infer<typeof alertBody>;

export const alertEntry = alertBody.extend({
  rule: z.string(),
  instrument: z.string(),
  at: time,
  /** False: it was found later than an hour after it happened, and is history only. */
  told: z.boolean(),
});
export type AlertEntry = z.infer<typeof alertEntry>;

export const alertQuestion = z.strictObject({
  instrument: instrumentIdText,
  /** The list that a metric over a basket compares the instrument within; null: none. */
  list: z.string().min(1).max(40).nullable(),
  conditions,
  k,
  asOf,
});
export type AlertQuestion = z.infer<typeof alertQuestion>;

const quantiles = z.object({ p1: z.number(), p5: z.number(), p95: z.number(), p99: z.number() });
export const alertEvidence = z.object({
  fired: z.number(),
  /** Of the newest entries, newest first. */
  last: z.array(time),
  /** What a period is: an hour, a settlement, a bar. */
  period: z.enum(['hour', 'settlement', '5m', '15m']),
  /** Periods in which every condition had a value, and the first and last of them. */
  periods: z.number(),
  from: time.nullable(),
  to: time.nullable(),
  /** By condition: of its values, and of their sizes; null where there is none. */
  conditions: z.array(
    z.object({
      of: quantiles.nullable(),
      ofSize: quantiles.nullable(),
      least: z.number().nullable(),
      most: z.number().nullable(),
      now: z.number().nullable(),
      why: z.string().nullable(),
    }),
  ),
  /** Sentences for the person about the whole of it: what of its time retention has deleted. */
  notes: z.array(z.string()),
});
export type AlertEvidence = z.infer<typeof alertEvidence>;
