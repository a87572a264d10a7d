import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Storage } from '#core/ports/storage.ts';
import { HistoryError } from '../history/errors.ts';
import { beside } from '../history/beside.ts';
import { roomAt } from '../history/room.ts';
import type { HistorySurvey } from '../history/survey.ts';
import { readChecks } from './checked.ts';
import { inspect } from './backup-file.ts';
import { backupName, backupsOf, PERSON_FILE } from './files.ts';
import { listBackups } from './make.ts';
import { assertKind, restoreWanted, wantRestore } from './restore.ts';

const promised = (work: () => void): Promise<void> =>
  new Promise((resolve) => {
    work();
    resolve();
  });

/** The files of a data folder, also of one that another process records. */
export function createStorage(dir: string, database: string, demo: boolean): Storage {
  /** Not checked whole here: that is done before it takes anything's place. */
  function usable(path: string): string {
    const facts = inspect(resolve(path), false);
    assertKind(facts, demo ? 'demo' : 'live');
    return facts.path;
  }

  return {
    async survey() {
      if (!existsSync(database)) throw new HistoryError('failed', `There is no history file in ${dir} yet.`);
      const found = await beside<HistorySurvey>({ role: 'survey', file: database, kind: demo ? 'demo' : 'live', now: 0 });
      const personBytes = statSync(join(dir, PERSON_FILE), { throwIfNoEntry: false })?.size ?? 0;
      return { ...found, freeBytes: roomAt(database)?.freeBytes ?? null, personBytes, ...readChecks(dir) };
    },
    backups() {
      const wanted = restoreWanted(dir);
      const backups = listBackups(dir).map((one) => ({
        name: basename(one.path),
        bytes: one.bytes,
        madeAt: 'wrong' in one ? null : one.madeAt,
        wrong: 'wrong' in one ? one.wrong : null,
      }));
      return Promise.resolve({ folder: backupsOf(dir), backups, wanted: wanted === null ? null : basename(wanted) });
    },
    restoreFile: (path) => promised(() => wantRestore(dir, usable(path))),
    restoreGiven: (path) =>
      promised(() => {
        usable(path);
        mkdirSync(backupsOf(dir), { recursive: true, mode: 0o700 });
        const kept = join(backupsOf(dir), backupName(Date.now(), 'given'));
        renameSync(path, kept);
        wantRestore(dir, kept);
      }),
    restoreAtStart: (name) => promised(() => wantRestore(dir, name === null ? null : usable(join(backupsOf(dir), name)))),
  };
}
