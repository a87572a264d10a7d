import { z } from 'zod';

/** Questions in SQL over the stored history and the person's file; nothing of them can write. Times are epoch ms UTC. */

export const queryText = z.string().max(20_000);

export const queryAnswer = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      /** 'time': epoch ms by the column's name and its values; 'text': at least one value is none of a number. */
      kind: z.enum(['number', 'time', 'text']),
    }),
  ),
  rows: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
  /** There are more rows, which were not read. */
  more: z.boolean(),
  /** How long the reading took. */
  ms: z.number(),
});
export type QueryAnswer = z.infer<typeof queryAnswer>;

export const queryTable = z.object({
  name: z.string(),
  /** What a row of it is; null: a table as the file keeps it. */
  says: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), says: z.string() })),
});
export type QueryTable = z.infer<typeof queryTable>;
