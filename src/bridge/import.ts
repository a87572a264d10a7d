import { z } from 'zod';
import { ROLES } from '#domain/import/columns.ts';

/** Files of settlements, prices and open interest on their way into the history. Times are epoch ms UTC. */

export const importId = z.string().max(60);
/** The most that a page hands over of one file: larger ones are named on the command line. */
export const MOST_GIVEN_BYTES = 2 * 1024 ** 3;
/** A piece of a file; larger ones come in several. */
export const IMPORT_PIECE_BYTES = 128 * 1024;
export const importPiece = z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= IMPORT_PIECE_BYTES);

const word = z.string().max(200);
/** What a person says of a file; what is left out is taken from the file, or asked. */
export const importWishes = z
  .strictObject({
    venue: word,
    symbols: z.array(word).max(500),
    columns: z.partialRecord(z.enum(ROLES), word),
    zone: word,
    dates: z.enum(['day-first', 'month-first']),
    rates: z.enum(['decimal', 'percent']),
    interval: z.union([z.enum(['stated', 'derived']), z.number().min(1).max(24)]),
    price: z.enum(['mark', 'index', 'last']),
    candleMinutes: z.number().min(0).max(1440),
    interest: z.enum(['base', 'contracts', 'quote']),
    asset: word,
    quote: word,
    settle: word,
  })
  .partial();
export type ImportWishes = z.infer<typeof importWishes>;

const question = z.object({
  field: z.string(),
  text: z.string(),
  choices: z.array(z.object({ value: z.string(), says: z.string() })).readonly(),
});

export const refusedLine = z.object({ line: z.number(), reason: z.string(), kept: z.boolean() });
export type RefusedLine = z.infer<typeof refusedLine>;

const previewLine = z.object({
  line: z.number(),
  cells: z.array(z.string()).readonly(),
  symbol: z.string(),
  time: z.number().nullable(),
  becomes: z.record(z.string(), z.number()),
  refused: z.string().nullable(),
});

/** A file as it would be read with what was said so far. */
const importLook = z.object({
  format: z.string(),
  lines: z.number(),
  names: z.array(z.string()).readonly(),
  questions: z.array(question).readonly(),
  notes: z.array(z.string()).readonly(),
  preview: z.array(previewLine).readonly(),
});

const importOutcome = z.object({
  dry: z.boolean(),
  words: z.string(),
  notes: z.array(z.string()).readonly(),
  parts: z
    .array(z.object({ instrument: z.string(), kind: z.string(), rows: z.number(), added: z.number(), from: z.number(), to: z.number() }))
    .readonly(),
  refused: z.array(refusedLine).readonly(),
  refusedLines: z.number(),
  cancelled: z.boolean(),
});

/** How it stands with a file that was handed over. */
export const importState = z.object({
  id: importId,
  name: z.string(),
  /** What is under way; null: nothing is. */
  step: z.enum(['read', 'load', 'count', 'write']).nullable(),
  /** Of that step, 0 to 1. */
  share: z.number(),
  look: importLook.nullable(),
  outcome: importOutcome.nullable(),
  error: z.string().nullable(),
});
export type ImportState = z.infer<typeof importState>;
