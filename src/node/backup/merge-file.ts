import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connectReadonly } from '../history/connection.ts';
import { HistoryError } from '../history/errors.ts';
import { type Merged, mergeHistory } from '../history/merge.ts';
import { companions, damageIn, openOnDisk } from '../history/open-file.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { extractHistory, inspect, isBackup } from './backup-file.ts';
import { assertRoom, copyHistory } from './make.ts';

/**
 * Merges the history of a backup, or one by itself, into the one of a folder whose locks the caller has. The other file is not
 * touched: a copy of it is brought to this layout first. HistoryError in words where it cannot be used; nothing was changed then.
 */
export async function mergeFile(
  { dir, database, kind }: { readonly dir: string; readonly database: string; readonly kind: DatabaseKind },
  from: string,
  progress: (done: number) => void,
): Promise<Merged> {
  if (!existsSync(from)) throw new HistoryError('failed', `There is no file ${from}. Name a backup, or the history of another folder.`);
  const copy = join(dir, 'merging.sqlite');
  const clean = (): void => {
    for (const left of [copy, `${copy}-journal`, ...companions(copy)]) rmSync(left, { force: true });
  };
  clean();
  assertRoom(database, 2 * statSync(from).size);
  try {
    if (isBackup(from)) {
      if (inspect(from, true).kind !== kind) throw otherKind(from);
      extractHistory(from, kind, copy);
    } else {
      const damage = damageIn(from, kind, true, undefined, from, 'read');
      if (damage !== null) throw new HistoryError('damaged', `${from} cannot be merged: ${damage}. Nothing was changed.`);
      await copyHistory(from, copy);
    }
    // Brings it to this layout.
    openOnDisk(copy, kind, []).close();
    const db = openOnDisk(database, kind, []);
    const src = connectReadonly(copy);
    try {
      return mergeHistory(db, copy, src, progress);
    } finally {
      src.close();
      db.close();
    }
  } finally {
    clean();
  }
}

const otherKind = (path: string): HistoryError =>
  new HistoryError(
    'other-kind',
    `${path} and the folder are not of one kind: the demo never mixes with real history. Nothing was changed.`,
  );
