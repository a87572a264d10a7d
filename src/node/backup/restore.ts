import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { asHistoryError, HistoryError } from '../history/errors.ts';
import { companions } from '../history/open-file.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { assertPersonKnown, type BackupFacts, extractHistory, inspect, partOf } from './backup-file.ts';
import { flushFile, flushFolder, PERSON_FILE, RESTORE_READY as READY, TEXT_FILES } from './files.ts';
import { assertRoom, makeBackup } from './make.ts';

/** What is being put together, of no meaning yet. What is whole has the name READY, and takes the place of what is there: at once, or when the folder is opened next. */
const UNFINISHED = 'restore.new';
const MANIFEST = 'manifest.json';

const manifestShape = z.strictObject({
  /** Names of the files of the folder that are replaced. */
  files: z.array(z.string()),
  /** The folder that takes what stood there. */
  replaced: z.string(),
  /** The backup that was made before; null: what stood there could not be backed up, and stays in `replaced`. */
  before: z.string().nullable(),
});
type Manifest = z.infer<typeof manifestShape>;

export interface RestoreOptions {
  readonly dir: string;
  readonly database: string;
  readonly kind: DatabaseKind;
  readonly version: string;
  readonly now: number;
  readonly backup: string;
  /** Called before each step, whose name it is given. */
  readonly step?: (name: string) => void;
}

export interface Restored {
  readonly from: BackupFacts;
  /** The backup of what stood there; null: nothing did, or it could not be read. */
  readonly before: string | null;
  /** Where what stood there and could not be backed up was put; null: nowhere. */
  readonly replaced: string | null;
}

/**
 * Puts a backup in the place of everything that the folder holds; the caller has both locks of the folder, and nothing of it is open.
 * All or nothing, killed at whatever step: before the folder READY has its name the old state stands as it was, after that
 * `finishRestore` leads to the new one, and no file of the old one (-wal, -shm) ever stands beside a new one.
 */
export async function restore({ dir, database, kind, version, now, backup, step = () => undefined }: RestoreOptions): Promise<Restored> {
  finishRestore(dir, step);
  const from = inspect(backup, true);
  assertKind(from, kind);
  const unfinished = join(dir, UNFINISHED);
  rmSync(unfinished, { recursive: true, force: true });
  step('back up what is there');
  const before = await backUpBefore({ dir, database, kind, version, now });
  step('write what comes');
  assertRoom(join(dir, 'x'), from.bytes);
  mkdirSync(unfinished);
  extractHistory(backup, kind, join(unfinished, basename(database)));
  const files = [basename(database)];
  for (const name of [PERSON_FILE, ...TEXT_FILES]) {
    const body = partOf(backup, name);
    if (body === null) continue;
    const path = join(unfinished, name);
    writeFileSync(path, body);
    flushFile(path);
    if (name === PERSON_FILE) assertPersonKnown(backup, path);
    files.push(name);
    step(`write ${name}`);
  }
  for (const path of [...companions(join(unfinished, PERSON_FILE))]) rmSync(path, { force: true });
  const manifest: Manifest = {
    files,
    replaced: `replaced-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}Z`,
    before,
  };
  writeFileSync(join(unfinished, MANIFEST), JSON.stringify(manifest), { flush: true });
  flushFolder(unfinished);
  step('commit');
  renameSync(unfinished, join(dir, READY));
  flushFolder(dir);
  finishRestore(dir, step);
  return { from, before, replaced: existsSync(join(dir, manifest.replaced)) ? join(dir, manifest.replaced) : null };
}

/** HistoryError 'other-kind': the demo and real folders never mix. */
export function assertKind({ path, kind: of }: Pick<BackupFacts, 'path' | 'kind'>, kind: DatabaseKind): void {
  if (of === kind) return;
  throw new HistoryError(
    'other-kind',
    of === 'demo'
      ? `${path} is of the demo. Nothing was changed: add --demo to restore it into the demo's folder.`
      : `${path} is of a real folder, and the demo never mixes with one. Nothing was changed: leave --demo out.`,
  );
}

/** Ends a restore that is due, from whichever step it was killed at; the caller has both locks. True: there was one. */
export function finishRestore(dir: string, step: (name: string) => void = () => undefined): boolean {
  const ready = join(dir, READY);
  if (!existsSync(ready)) return false;
  const manifest = readManifest(join(ready, MANIFEST));
  if (manifest !== null) {
    const replaced = join(dir, manifest.replaced);
    if (!existsSync(replaced)) mkdirSync(replaced);
    for (const name of manifest.files) {
      const comes = join(ready, name);
      if (!existsSync(comes)) continue;
      // The -wal and -shm go with the file that they belong to, before another has its name.
      for (const old of [...companions(name), ...goodCopiesOf(dir, name), name]) {
        if (!existsSync(join(dir, old))) continue;
        step(`put ${old} aside`);
        renameSync(join(dir, old), join(replaced, old));
      }
      flushFolder(replaced);
      flushFolder(dir);
      step(`put the new ${name} in place`);
      renameSync(comes, join(dir, name));
      flushFolder(dir);
    }
    step('forget what stood there');
    if (manifest.before !== null || readdirSync(replaced).length === 0) rmSync(replaced, { recursive: true, force: true });
    step('end');
    rmSync(join(ready, MANIFEST));
  }
  rmSync(ready, { recursive: true, force: true });
  flushFolder(dir);
  return true;
}

/** Null: all of it is done but to remove the folder. */
function readManifest(path: string): Manifest | null {
  return existsSync(path) ? manifestShape.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** The rotating copies of the person's file and of the settings are of the state that goes. */
const goodCopiesOf = (dir: string, name: string): string[] => {
  const stem = name.replace(/\.(sqlite|json)$/u, '.good-');
  return stem === name ? [] : readdirSync(dir).filter((one) => one.startsWith(stem));
};

async function backUpBefore(options: Omit<Parameters<typeof makeBackup>[0], 'to'>): Promise<string | null> {
  if (!existsSync(options.database)) return null;
  try {
    return (await makeBackup({ ...options, to: 'before-restore' })).path;
  } catch (error) {
    const why = asHistoryError(error, options.database);
    // A damaged history is why one restores: it is put aside as it is.
    if (why.kind === 'damaged' || why.kind === 'failed') return null;
    throw why;
  }
}

/** What the person chose in the app, done at the next start. */
const wantedPath = (dir: string): string => join(dir, 'restore-at-start.json');
const wantedShape = z.strictObject({ backup: z.string() });

export function restoreWanted(dir: string): string | null {
  try {
    return wantedShape.parse(JSON.parse(readFileSync(wantedPath(dir), 'utf8'))).backup;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Null: what was wanted is not any more. */
export function wantRestore(dir: string, backup: string | null): void {
  const path = wantedPath(dir);
  if (backup === null) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, JSON.stringify({ backup }), { flush: true });
  renameSync(`${path}.new`, path);
}
