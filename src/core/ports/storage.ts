import type { BackupList, StorageSurvey } from '#bridge/storage.ts';

/** The files of the data folder as a whole: how large they are, how they stand, and their backups. */
export interface Storage {
  /** Reads the whole history beside everything else: seconds for a large one. */
  survey(): Promise<StorageSurvey>;
  backups(): Promise<BackupList>;
  /** At the next start, before anything is opened; null: not any more. Rejects where there is no such backup. */
  restoreAtStart(name: string | null): Promise<void>;
  /** The same of a file that lies anywhere on this computer. Rejects where it is no backup of this folder's kind. */
  restoreFile(path: string): Promise<void>;
  /** Of a file that was handed over: it becomes one of the backups, and is restored at the next start. */
  restoreGiven(path: string): Promise<void>;
}
