import { restoreAtStart } from './backup/at-start.ts';
import { type DataPaths, dataPaths } from './data-dir.ts';
import { accessTo } from './history/open-file.ts';
import { acquireLock, COLLECTOR, type DataLock, LockedError } from './lock.ts';
import { type FileLog, openLog } from './log.ts';
import { assertOurs } from './person/person-disk.ts';

export interface ClaimOptions {
  /** Absolute; the demo lives in a folder inside it. */
  readonly dataDir: string;
  readonly demo: boolean;
  readonly shell: 'desktop' | 'browser';
  readonly version: string;
  /** The history that is shown is a desk's: the folder's stays with who has it. */
  readonly shared: boolean;
}

/** A folder that this process may open: nothing in it is another's or a newer version's. Light to load, so that a start can say so first. */
export interface ClaimedFolder {
  readonly dataDir: string;
  readonly paths: DataPaths;
  readonly who: Pick<ClaimOptions, 'shell' | 'version'>;
  readonly log: FileLog;
  /** The lock of the person's file. */
  readonly mine: DataLock;
  /** The lock of the history; null: a collector has it, or a desk's is shown. */
  readonly records: DataLock | null;
  /** What became of a restore that was waiting, as a sentence; null: none was. */
  readonly restored: string | null;
  /** Frees the locks and ends the log. Safe to call twice. */
  release(): Promise<void>;
}

/** Throws LockedError where another process has the folder, HistoryError where a newer version or the other kind of market wrote its files. */
export async function claimFolder({ dataDir, demo, shell, version, shared }: ClaimOptions): Promise<ClaimedFolder> {
  const paths = dataPaths(dataDir, demo);
  const kind = demo ? 'demo' : 'live';
  const who = { shell, version };
  const mine = acquireLock(paths.dir, who, 'person');
  let records: DataLock | null = null;
  let log: FileLog | null = null;
  const release = async (): Promise<void> => {
    await log?.close();
    records?.release();
    mine.release();
  };
  try {
    records = shared ? null : lockHistory(paths.dir, who);
    log = openLog({ dir: paths.logs });
    log.write('info', 'app', 'starting', { version, shell, demo, dataDir: paths.dir, node: process.version });
    const restored = records === null ? null : await restoreAtStart({ dir: paths.dir, database: paths.database, demo, version });
    if (restored !== null) log.write('warn', 'app', restored);
    // Before anything is made beside them.
    accessTo(paths.database, kind);
    assertOurs(paths.person, kind);
    return { dataDir, paths, who, log, mine, records, restored, release };
  } catch (error) {
    log?.write('error', 'app', 'could not start', { error });
    await release();
    throw error;
  }
}

/** The lock of the history; null: a collector has it. Throws LockedError where another program has it. */
function lockHistory(dir: string, who: ClaimedFolder['who']): DataLock | null {
  try {
    return acquireLock(dir, who);
  } catch (error) {
    if (error instanceof LockedError && error.holder?.shell === COLLECTOR) return null;
    throw error;
  }
}
