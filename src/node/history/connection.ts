import Database from 'better-sqlite3';
import { HistoryError } from './errors.ts';

/** Older ones can corrupt a file when a write meets a checkpoint (SQLite's WAL-reset bug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

/** How long another program's lock is waited for; the wait blocks the worker, never the window. */
const BUSY_TIMEOUT_MS = 2000;

/** What a checkpoint leaves of the -wal file. */
const WAL_KEPT_BYTES = 16 * 1024 * 1024;

export function assertSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number);
  for (const [i, least] of OLDEST_SQLITE.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least) {
      const text = `This build carries SQLite ${version}, which can damage a history file; ${OLDEST_SQLITE.join('.')} or newer is needed.`;
      throw new HistoryError('failed', text);
    }
  }
}

function guard(db: Database.Database): Database.Database {
  assertSqliteVersion(db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '0');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('temp_store = MEMORY');
  return db;
}

/** A connection that never writes: not even the checkpoint that a writer does when it closes. */
export function connectReadonly(file: string): Database.Database {
  return guard(new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS }));
}

/** The writing connection. better-sqlite3 falls to synchronous=NORMAL in WAL, so FULL is set and looked at on every open. */
export function connect(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    guard(db);
    const mode = db.pragma('journal_mode = WAL', { simple: true });
    db.pragma('synchronous = FULL');
    const synchronous = db.pragma('synchronous', { simple: true });
    if (mode !== 'wal' || synchronous !== 2)
      throw new HistoryError(
        'failed',
        `${file} cannot be written safely on this disk.`,
        `journal_mode ${String(mode)}, synchronous ${String(synchronous)}`,
      );
    db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A database in memory, empty or from the bytes of a file. */
export function connectMemory(bytes: Buffer | null): Database.Database {
  return guard(new Database(bytes ?? ':memory:'));
}
