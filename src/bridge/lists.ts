import { z } from 'zod';

/** A file of watchlists as it would come in, or came. */

const entry = z.object({
  /** Its number among the entries of the file, and the line it stands in. */
  entry: z.number(),
  line: z.number(),
  text: z.string(),
});

export const refusedEntry = entry.extend({ reason: z.string() });
export type RefusedEntry = z.infer<typeof refusedEntry>;

export const listLook = z.object({
  dry: z.boolean(),
  /** "adds 12, known 3, refused 1" */
  words: z.string(),
  lists: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** There is none of that name yet. */
      isNew: z.boolean(),
      adds: z.number(),
      known: z.number(),
      sections: z.array(z.string()),
    }),
  ),
  /** What each entry is: an instrument, or refused. */
  entries: z.array(entry.extend({ list: z.string(), section: z.string().nullable(), instrument: z.string() })),
  refused: z.array(refusedEntry),
});
export type ListLook = z.infer<typeof listLook>;
