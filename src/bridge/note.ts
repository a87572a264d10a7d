import { z } from 'zod';
import { instrumentIdText } from './settings.ts';

/** Notes of the person, tied to a moment and mostly to an instrument. Times are epoch ms UTC. */

export const noteId = z.string().min(1).max(40);
const time = z.number().min(0);
/** A word without blanks: "squeeze", "fomc". */
const tag = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(30)
  .refine((text) => !text.includes(' ') && !text.includes(','), 'A tag is one word.');

const written = {
  /** Null: of no single instrument. */
  instrument: instrumentIdText.nullable(),
  /** What it is about: that moment, which may be past. */
  at: time,
  text: z.string().trim().min(1).max(10_000),
  tags: z.array(tag).max(20),
  /** A saved scenario that belongs to it, with its name of then: it may be renamed or deleted since. */
  scenario: z.strictObject({ id: z.string().min(1).max(40), name: z.string().min(1).max(80) }).nullable(),
};

/** `id` null: a new one. */
export const noteSave = z.strictObject({ id: noteId.nullable(), ...written });
export type NoteSave = z.infer<typeof noteSave>;

export const note = z.object({
  id: noteId,
  ...written,
  /** When it was written first, and when it was changed last. */
  writtenAt: time,
  changedAt: time,
});
export type Note = z.infer<typeof note>;

/** What came within so many hours after a moment, by what is stored. */
export const afterHorizon = z.object({
  hours: z.number(),
  /** Up to then it is counted: the end of the horizon, or now where that is not over. */
  until: time,
  isOver: z.boolean(),
  /** Mark price at the moment and at the end, quote money; null: no close of that hour is stored. */
  markFrom: z.number().nullable(),
  markTo: z.number().nullable(),
  /** Sum of the rates settled in (moment, until]: what longs paid of their notional; and how many settlements. */
  funding: z.number(),
  settlements: z.number(),
  /** Every settlement of that stretch is stored. */
  isWhole: z.boolean(),
});
export type AfterHorizon = z.infer<typeof afterHorizon>;
