import { z } from 'zod';
import { HELD_BACK, SEVERITIES } from '#domain/telling.ts';
import { alertCondition, alertRule } from './settings.ts';

/** Alerts on metrics: what is asked, how it stands, what entered. Times are epoch ms UTC. */

const time = z.number();
const { name, on, conditions, k, enabled, tells } = alertRule.shape;

/** `id` null: a new one; else it takes the place of that one. `tells` absent: as it was, or as usual. */
export const alertSave = z.strictObject({ id: alertRule.shape.id.nullable(), name, on, conditions, k, enabled, tells });
export type AlertSave = z.infer<typeof alertSave>;

/** A rule on one instrument as of the last closed period. */
export const alertState = z.object({
  rule: z.string(),
  instrument: z.string(),
  /** 'recovering': a condition is back inside its band, none beyond it; 'no-data': some condition has no value; 'error': it could not be judged. */
  phase: z.enum(['quiet', 'building', 'active', 'recovering', 'no-data', 'error']),
  /** Closed periods of the run so far. */
  periods: z.number(),
  enteredAt: time.nullable(),
  /** The last period that was judged; null: none yet. */
  at: time.nullable(),
  /** At that period, in the order of the conditions; `why` is null where there is a value. */
  values: z.array(z.number().nullable()),
  why: z.array(z.string().nullable()),
  /** The rule tells once, and has. */
  spent: z.literal(true).optional(),
});
export type AlertState = z.infer<typeof alertState>;

/** What is kept of an entry besides who entered and when: it reads the same when the rule has changed or is gone. */
export const alertBody = z.object({
  name: z.string(),
  k: z.number(),
  conditions: z.array(alertCondition.safeExtend({ value: z.number() })),
  /** Absent: it entered. 'again': it holds since an entry before; 'no-data': there has been no value; 'event': something of the market that `says` says; 'ended': quiet hours held it back, and it was over when they ended. */
  kind: z.enum(['again', 'no-data', 'event', 'ended']).optional(),
  says: z.string().max(500).optional(),
  severity: z.enum(SEVERITIES).optional(),
  /** Why it was not told though it was news. */
  held: z.enum(HELD_BACK).optional(),
});
export type AlertBody = z.infer<typeof alertBody>;

export const alertEntry = alertBody.extend({
  rule: z.string(),
  instrument: z.string(),
  at: time,
  /** False: it was found later than an hour after it happened, and is history only; or it was held back. */
  told: z.boolean(),
  /** When the person said that they had seen it. */
  acknowledgedAt: time.optional(),
});
export type AlertEntry = z.infer<typeof alertEntry>;

/** Entries of the log that the person has seen. */
export const alertNames = z.array(z.strictObject({ rule: alertRule.shape.id, instrument: z.string().max(80), at: time })).max(1000);
