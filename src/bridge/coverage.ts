import { z } from 'zod';
import { COVERAGE_KINDS, HOLE_REASONS } from '#domain/coverage/calendar.ts';
import { column } from './series.ts';

/** What should be stored of an instrument and what is, day by day (UTC). Times are epoch ms. */

export const coverageKind = z.enum(COVERAGE_KINDS);
export const holeReason = z.enum(HOLE_REASONS);

export const coverage = z.object({
  kind: coverageKind,
  /** Days on which something should be there, ascending: the first moment, how many rows should be, and how many are (parts count as parts). */
  day: column,
  expected: column,
  there: column,
  /** Rows missing of each day, by reason; a reason that no day has is left out. */
  missing: z.array(z.object({ why: holeReason, rows: column })),
  /** Neighbouring rows that are missing for one reason, the newest first and no more than a screen holds; `holeCount` of them there are. */
  holes: z.array(z.object({ first: z.number(), last: z.number(), rows: z.number(), why: holeReason })),
  holeCount: z.number(),
  /** Why nothing can be asked of the venue for it, in words; null: it can. */
  unfillable: z.string().nullable(),
});
export type CoverageCalendar = z.infer<typeof coverage>;
