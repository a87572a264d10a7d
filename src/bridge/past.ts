import { z } from 'zod';
import { moment } from './as-of.ts';
import { instrumentIdText, metricChoice, settings } from './settings.ts';
import { MOST_COLUMNS } from './workspace.ts';

/** The time machine: one moment of the past as the whole screen shows it. */

const time = z.number();

/** Steps that one look may take at once. */
export const MOST_STEPS = 24;

/** To the next or the last hour, or settlement of the instrument; `times`: as many of them, or as there are. */
const step = z.strictObject({
  by: z.enum(['hour', 'settlement']),
  to: z.union([z.literal(1), z.literal(-1)]),
  instrument: instrumentIdText.nullable(),
  times: z.int().min(1).max(MOST_STEPS).optional(),
});
export type PastStep = z.infer<typeof step>;

export const pastQuestion = z.strictObject({
  moment,
  /** From the moment; null: the moment itself. */
  step: step.nullable(),
  /** As in a view: the columns that the window shows, those over a basket within `list`. */
  columns: z.array(metricChoice).max(MOST_COLUMNS),
  list: z.string().max(40).nullable(),
  /** Nothing was chosen yet of how time counts: where nothing was recorded by then that is told by what there is. */
  opens: z.boolean(),
});

/** Settlements of the last week of the moment: how many there are, and how many of them were learnt after it. */
export const learntLater = z.object({ later: z.number(), of: z.number() });

/** Beside its rows, which are `watchRow`s. */
export const pastFields = {
  moment,
  /** 'hour': single polls of that time are not kept, so what was polled last in the hour is shown at its close. */
  resolution: z.enum(['poll', 'hour']),
  /** The lists, thresholds and rules of then; in venue time those of today. */
  settings,
  /** Names of the columns in the cells of the rows, in their order. */
  columns: z.array(z.string()),
  learnt: learntLater,
  /** The time before which nothing is stored of what is shown; null: nothing is. */
  first: time.nullable(),
  /** Sentences for the person about the whole of it. */
  notes: z.array(z.string()),
} as const;
