import { z } from 'zod';
import { column } from './series.ts';

/** Settlements of one instrument in a range. Times are epoch ms UTC, rates decimals per interval, marks in quote money; NaN: not known. */
export const exploredSettlements = z.object({
  key: column,
  rate: column,
  intervalH: column,
  /** The row's own, where `own` is 1; else the stored hourly mark at the key. */
  mark: column,
  own: z.instanceof(Uint8Array),
  /** In venue time, 1: learnt after the moment. */
  late: z.instanceof(Uint8Array),
  /** When and at what mark a position is opened that gets them; null: no mark is stored. */
  opened: z.object({ at: z.number(), mark: z.number() }).nullable(),
});
export type ExploredSettlements = z.infer<typeof exploredSettlements>;
