import { z } from 'zod';

const time = z.number();

/** What is stored of one kind: bytes of its pages, rows, and rows a day over the last days. */
const storedKind = z.object({
  kind: z.enum(['settled', 'prices', 'hours', 'polls', 'books', 'other']),
  bytes: z.number(),
  rows: z.number(),
  rowsPerDay: z.number(),
  /** How long it is kept; null: for ever, or as the limits say. */
  keptDays: z.number().nullable(),
  oldest: time.nullable(),
});
export type StoredKind = z.infer<typeof storedKind>;

const checkResult = z.object({ at: time, damage: z.string().nullable() });

export const storageSurvey = z.object({
  kinds: z.array(storedKind),
  /** Bytes by venue, shared out by its rows of each kind. */
  venues: z.array(z.object({ venue: z.string(), rows: z.number(), bytes: z.number() })),
  /** Days over which growth was counted; less than one: too few to foretell anything. */
  countedDays: z.number(),
  /** Of the history in a year at today's rate; null: too little is recorded to say. */
  bytesInYear: z.number().nullable(),
  /** Free on the disk; null: the system does not say. */
  freeBytes: z.number().nullable(),
  personBytes: z.number(),
  /** What was deleted is given back to the disk; false: the file is of an older version and has to be rewritten once. */
  givesBack: z.boolean(),
  /** When it was looked at last: every page, and every index too; null: not yet. */
  quick: checkResult.nullable(),
  full: checkResult.nullable(),
});
export type StorageSurvey = z.infer<typeof storageSurvey>;

export const backupList = z.object({
  folder: z.string(),
  backups: z.array(
    z.object({
      name: z.string(),
      bytes: z.number(),
      madeAt: time.nullable(),
      /** Why it cannot be used; null: it can. */
      wrong: z.string().nullable(),
    }),
  ),
  /** The one that is restored at the next start; null: none. */
  wanted: z.string().nullable(),
});
export type BackupList = z.infer<typeof backupList>;

export const chosenBackup = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chosen'), list: backupList }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('page') }),
]);

/** A name of that list. */
export const backupName = z
  .string()
  .max(200)
  .refine((name) => !/[/\\]/u.test(name) && name.endsWith('.perpscope'), 'is a file among the backups.');
