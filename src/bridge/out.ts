import { z } from 'zod';
import { asOf } from './as-of.ts';
import { studyAnswer } from './evidence.ts';
import { instrumentIdText, metricChoice } from './settings.ts';

/** What leaves the app as a file. */

export const TABLE_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export const tableFormat = z.enum(TABLE_FORMATS);
export type TableFormat = z.infer<typeof tableFormat>;

/** Rows of one instrument as they are stored. */
export const STORED_KINDS = ['settled', 'prices', 'hours', 'polls'] as const;

const fileName = z.string().trim().min(1).max(80);
const range = { from: z.number().min(0).nullable(), to: z.number().min(0).nullable() };

export const outStored = z.strictObject({ instrument: instrumentIdText, kind: z.enum(STORED_KINDS), format: tableFormat, ...range, asOf });

/** Metrics of instruments, aligned on one time axis. */
export const outSeries = z.strictObject({
  series: z
    .array(z.strictObject({ instrument: instrumentIdText, choice: metricChoice, list: z.string().min(1).max(40).nullable() }))
    .min(1)
    .max(24),
  format: tableFormat,
  name: fileName,
  ...range,
  asOf,
});

const shown = {
  name: z.string().min(1).max(120),
  /** What it is counted in; '' for a plain number or words. */
  unit: z.string().max(60),
  /** As a venue stated or this app observed it, or worked out here. */
  origin: z.enum(['measured', 'derived']),
};
/** A table of the screen. Times are epoch ms UTC; what is not known is NaN or an empty text. */
export const shownColumn = z.discriminatedUnion('type', [
  z.strictObject({ ...shown, type: z.literal('time'), values: z.array(z.number().or(z.nan())).max(200_000) }),
  z.strictObject({ ...shown, type: z.literal('number'), values: z.array(z.number().or(z.nan())).max(200_000) }),
  z.strictObject({ ...shown, type: z.literal('text'), values: z.array(z.string().max(500)).max(200_000) }),
]);
export type ShownColumn = z.infer<typeof shownColumn>;
export const outTable = z.strictObject({ name: fileName, columns: z.array(shownColumn).min(1).max(200), format: tableFormat });

/** A chart as a picture. */
export const outPicture = z.strictObject({ name: fileName, type: z.enum(['png', 'svg']), bytes: z.instanceof(Uint8Array) });

/** A study: all of it as JSON, or a document. */
export const STUDY_FORMATS = ['json', 'md'] as const;
export const outStudy = z.strictObject({ name: fileName, report: studyAnswer, format: z.enum(STUDY_FORMATS) });

/** Where it went: into a file of this computer, nowhere, or to the page, which hands it to the browser. */
export const putOut = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), path: z.string() }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('download'), name: z.string(), type: z.string(), content: z.instanceof(Uint8Array).or(z.string()) }),
]);
export type PutOut = z.infer<typeof putOut>;
