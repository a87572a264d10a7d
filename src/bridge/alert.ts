import { z } from 'zod';
import { alertCondition, alertRule } from './settings.ts';

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
