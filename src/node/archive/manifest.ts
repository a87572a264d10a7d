import { z } from 'zod';
import { HistoryError } from '../history/errors.ts';
import type { ArchivePlace } from './place.ts';

const fileSchema = z.strictObject({
  path: z.string(),
  table: z.string(),
  venue: z.string(),
  /** 1; a later one holds what came of the month once the earlier ones were dropped from the database. */
  part: z.int().positive(),
  rows: z.int().nonnegative(),
  bytes: z.int().positive(),
  sha256: z.string().length(64),
  columns: z.array(z.string()),
});
const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** The number of the history that it is of. */
  of: z.number(),
  month: z.string(),
  files: z.array(fileSchema),
});

export type ArchivedFile = z.infer<typeof fileSchema>;
/** What a month's files are. A file that it does not name is none of the archive. */
export type Manifest = z.infer<typeof manifestSchema>;

const pathOf = (month: string): string => `${month}/manifest.json`;

/** Without files where there is none. HistoryError where it cannot be read, or is another history's. */
export async function readManifest(place: ArchivePlace, month: string, of: number): Promise<Manifest> {
  const bytes = await place.get(pathOf(month));
  if (bytes === null) return { format: 1, of, month, files: [] };
  const manifest = manifestIn(bytes, `${pathOf(month)} of the archive at ${place.name}`);
  if (manifest.of !== of) throw new HistoryError('other-kind', `The archive at ${place.name} is another history's. Name another place.`);
  return manifest;
}

function manifestIn(bytes: Uint8Array, what: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new HistoryError('damaged', `${what} cannot be read.`, String(error));
  }
}

/** `file` in the place of one of the same path. */
export async function addFile(place: ArchivePlace, { files, ...manifest }: Manifest, file: ArchivedFile): Promise<Manifest> {
  const changed = { ...manifest, files: [...files.filter(({ path }) => path !== file.path), file] };
  await place.put(pathOf(manifest.month), new TextEncoder().encode(`${JSON.stringify(changed, null, 1)}\n`));
  return changed;
}
