import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Log } from '#core/ports/log.ts';
import { makeFolder } from '../data-dir.ts';
import { isStill } from '../file-mark.ts';
import { carryOver, instrumentsSince, listingsSince, settledSince } from './carry.ts';
import { connectMemory } from './connection.ts';
import { asHistoryError, codeOf, damageWords, HistoryError, isDamage, messageOf } from './errors.ts';
import { companions, layoutAt, openFile, openOnDisk, type OpenedFile, type Passing, reopenDamaged, setAside } from './open-file.ts';
import { News } from './news.ts';
import { type Parts, partsOf } from './parts.ts';
import { type DatabaseKind, migrate, MIGRATIONS } from './schema.ts';
import { changeOf, type Identity, identityOf, isHeld } from './which-file.ts';

export interface HistoryFileOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly log: Log;
  readonly now: () => number;
}

/** Why the session runs in memory, where that may end. 'taken': another Perpscope has the folder. */
interface Waiting {
  readonly trouble: Passing | 'taken';
  readonly notices: readonly string[];
  /** From when on facts are in memory only. */
  readonly since: number;
  readonly triedAt: number;
}

/** What hardly ends within seconds is tried again so seldom. */
const TRY_AGAIN_MS = 60_000;
/** Another Perpscope has the folder: up to this size the history is shown from memory. */
const COPIED_TO_MEMORY_BYTES = 256 * 1024 * 1024;

const OVER: Record<Passing | 'taken', string> = {
  full: 'There is room on the disk again: recording goes on.',
  busy: 'The other program has let go of the history: recording goes on.',
  unwritable: 'The history can be written again: recording goes on.',
  taken: 'This Perpscope has its folder again: recording goes on.',
};

const closed = (): HistoryError => new HistoryError('closed', 'Perpscope is closing.', 'the history is closed');

/** The database behind the history: the file, or memory while the file cannot be had; whatever happens to it, nothing that is known here is let go. */
export class HistoryFile {
  readonly #options: HistoryFileOptions;
  readonly #news: News;
  #parts: Parts | null;
  #memory: boolean;
  #generation = 0;
  #waiting: Waiting | null = null;
  #identity: Identity;
  /** The open file is no longer at its path, and no other could be written there yet. */
  #stranded: { readonly notice: string; readonly triedAt: number } | null = null;

  /** Opens or creates the file; HistoryError 'newer' or 'other-kind' where it must not be touched. */
  constructor(options: HistoryFileOptions) {
    this.#options = options;
    this.#news = new News(options.file, options.now);
    const opened = openFile(options.file, options.kind, layoutAt(options.now()));
    this.#memory = opened.memory;
    this.#parts = partsOf(opened.db);
    this.#identity = identityOf(options.file);
    this.#told(opened);
  }

  get memory(): boolean {
    return this.#memory;
  }
  /** Which of the files that have stood at this path is open: grows by one whenever another takes its place. */
  get generation(): number {
    return this.#generation;
  }
  /** What is wrong now, then what happened and is still to be told. */
  notices(): string[] {
    return [...(this.#waiting?.notices ?? []), ...(this.#stranded ? [this.#stranded.notice] : []), ...this.#news.current()];
  }

  open(): Parts {
    if (this.#parts) return this.#parts;
    throw closed();
  }

  close(): void {
    const parts = this.#parts;
    this.#parts = null;
    parts?.db.close();
  }

  /** Runs on the open parts. Where the file turns out damaged, it is set aside and the work done once more on what took its place. */
  run<T>(work: (parts: Parts) => T): T {
    try {
      return work(this.open());
    } catch (error) {
      if (!isDamage(error) || this.#memory) throw this.failure(error);
      this.#options.log.write('error', 'history', 'the file is damaged', { error: messageOf(error) });
      this.#replace(damageWords(error));
      try {
        return work(this.open());
      } catch (again) {
        throw this.failure(again);
      }
    }
  }

  /** The damage that a check beside this connection found in the file of that generation; of an earlier one it is old news. */
  replaceDamaged(why: string, generation: number): void {
    if (generation === this.#generation) this.#replace(why);
  }

  /** Leaves the memory of a session that could not have its file, once it can. `hasRoom`: the disk is not (nearly) full. */
  seekDisk(hasRoom: boolean): void {
    const { file, now } = this.#options;
    const waiting = this.#waiting;
    if (!waiting || waiting.trouble === 'taken') return;
    if (waiting.trouble === 'full' ? !hasRoom : waiting.trouble === 'busy' ? isHeld(file) : this.#justTried(waiting.triedAt)) return;
    this.#waiting = { ...waiting, triedAt: now() };
    this.#goToDisk(waiting);
  }

  /**
   * Looks whether the open file is the one at its path, and puts that right. `mine`: this process has the folder's lock; where it
   * has not, another Perpscope writes there, and nothing there is touched.
   */
  tend(mine: boolean, hasRoom: boolean): void {
    if (!mine) {
      this.#leave();
      return;
    }
    if (this.#waiting?.trouble === 'taken') this.#goToDisk(this.#waiting);
    else this.seekDisk(hasRoom);
    if (this.#memory) return;
    const { file } = this.#options;
    const change = changeOf(file, this.#identity);
    if (change === 'gone' || change === 'other') {
      if (!this.#justTried(this.#stranded?.triedAt ?? -Infinity)) this.#settleAnew(change);
      return;
    }
    this.#stranded = null;
    if (change === 'emptied') this.#replace('it was cut to 0 bytes while it was in use', true);
    else if (change === 'companions') this.#foldIn();
    else if (this.#identity.wal === null || this.#identity.shm === null) this.#identity = identityOf(file);
  }

  notify(text: string): void {
    if (this.#news.tell(text)) this.#options.log.write('warn', 'history', text);
  }

  failure(error: unknown): HistoryError {
    if (!this.#parts) return closed();
    const told = asHistoryError(error, this.#options.file);
    if (codeOf(error) === '' && !(error instanceof HistoryError))
      this.#options.log.write('error', 'history', told.message, { stack: error instanceof Error ? error.stack : null });
    return told;
  }

  /** A clock that was set back is no reason to wait for it. */
  #justTried(at: number): boolean {
    return Math.abs(this.#options.now() - at) < TRY_AGAIN_MS;
  }

  /** What opening had to say: while it lasts where it may end, else as news. */
  #told({ notices, trouble, detail }: OpenedFile): void {
    const { log, now } = this.#options;
    if (detail !== null) log.write('error', 'history', 'the file cannot be had', { detail });
    this.#waiting = trouble === null ? null : { trouble, notices, since: now(), triedAt: now() };
    if (trouble === null) for (const notice of notices) this.notify(notice);
    else for (const notice of notices) log.write('warn', 'history', notice);
  }

  /** The parts of another database from now on. */
  #take(db: Database, memory: boolean): Parts {
    this.#parts = partsOf(db);
    this.#memory = memory;
    this.#identity = identityOf(this.#options.file);
    this.#stranded = null;
    this.#generation++;
    return this.#parts;
  }

  /** `emptied`: the newest values, which are also in memory, are put into what takes its place. */
  #replace(why: string, emptied = false): void {
    const { file, kind } = this.#options;
    const { db, polls } = this.open();
    this.#parts = null;
    db.close();
    const opened = reopenDamaged(file, kind, why, layoutAt(this.#options.now()));
    const parts = this.#take(opened.db, opened.memory);
    if (emptied) parts.polls.takeOver(polls, this.#options.now());
    else parts.polls.keepInstruments(polls.instruments(), this.#options.now());
    this.#told(opened);
  }

  /** What came since the session began in memory goes with it. */
  #goToDisk(waiting: Waiting): void {
    const { file, kind, log } = this.#options;
    const before = this.open();
    const notices: string[] = [];
    let db: Database;
    try {
      db = openOnDisk(file, kind, notices, layoutAt(this.#options.now()));
    } catch (error) {
      log.write('info', 'history', `still in memory: ${messageOf(error)}`);
      return;
    }
    const { polls, settled } = this.#take(db, false);
    polls.keepWords(instrumentsSince(before.db, waiting.since), listingsSince(before.db, waiting.since));
    polls.takeOver(before.polls, this.#options.now());
    carryOver(before.db, db, waiting.since, (id) => polls.numberOf(id));
    polls.loadTerms();
    for (const { id, learntAt, row } of settledSince(before.db, waiting.since))
      settled.record(polls.numberOf(id), id, [row], learntAt, { proven: null, open: [] });
    before.db.close();
    this.#waiting = null;
    for (const notice of notices) this.notify(notice);
    this.notify(`${OVER[waiting.trouble]} Settlements that came meanwhile are fetched again.`);
  }

  /** Another Perpscope writes this folder now: two that write one history would mix it up. */
  #leave(): void {
    if (this.#waiting?.trouble === 'taken') return;
    const { file, now, log } = this.#options;
    const notice = `Another Perpscope has taken over the folder of ${file}. What this one records is in memory only: close one of the two.`;
    const before = this.open();
    const since = this.#waiting?.since ?? now();
    if (!this.#memory) {
      const small = Number(before.db.pragma('page_count', { simple: true })) * 4096 <= COPIED_TO_MEMORY_BYTES;
      const bytes = small ? before.db.serialize() : null;
      // Read and write version of the header: 1 says "no WAL", which a database in memory cannot have.
      if (bytes) bytes[18] = bytes[19] = 1;
      const db = connectMemory(bytes);
      migrate(db, MIGRATIONS, now());
      const { polls } = this.#take(db, true);
      polls.takeOver(before.polls, this.#options.now());
      before.db.close();
    }
    this.#waiting = { trouble: 'taken', notices: [notice], since, triedAt: now() };
    log.write('warn', 'history', notice);
  }

  /**
   * The open file has lost its name, but as long as it is open all of it can be read: a whole copy takes its place. What another
   * program put there is set aside.
   */
  #settleAnew(change: 'gone' | 'other'): void {
    const { file, kind, now, log } = this.#options;
    const before = this.open();
    const copy = `${file}.new`;
    try {
      makeFolder(dirname(file));
      rmSync(copy, { force: true });
      before.db.prepare('VACUUM INTO ?').run(copy);
      flush(copy);
    } catch (error) {
      if (isDamage(error)) {
        this.#replace(damageWords(error), true);
        return;
      }
      const what = change === 'gone' ? 'was deleted or moved away' : 'was replaced by another file';
      const notice = `${file} ${what} while Perpscope ran, and a new one cannot be written yet. ${asHistoryError(error, file).user} Until that works, what is recorded is lost when Perpscope ends.`;
      if (this.#stranded?.notice !== notice) log.write('error', 'history', notice, { error: messageOf(error) });
      this.#stranded = { notice, triedAt: now() };
      return;
    }
    // Ours must not stand beside another file: SQLite would take it for that file's.
    const ours = [this.#identity.wal, this.#identity.shm];
    for (const [i, path] of companions(file).entries()) if (isStill(path, ours[i] ?? null)) rmSync(path, { force: true });
    const aside = change === 'other' ? setAside(file, 'foreign') : null;
    renameSync(copy, file);
    this.#parts = null;
    before.db.close();
    const opened = openFile(file, kind, layoutAt(this.#options.now()));
    this.#take(opened.db, opened.memory);
    this.#told(opened);
    this.notify(
      aside === null
        ? `${file} was deleted or moved away while Perpscope ran. A new one with everything that it held took its place; nothing recorded is lost.`
        : `Another file was put in the place of ${file} while Perpscope ran. It was kept as ${aside}; the history goes on in a new file with everything that it held.`,
    );
  }

  /** The -wal or -shm was deleted or replaced: what only they held is still known to this connection, and goes into the file. */
  #foldIn(): void {
    const { file, kind } = this.#options;
    const { generation } = this;
    const { db } = this.open();
    this.run(() => db.pragma('wal_checkpoint(TRUNCATE)'));
    if (generation !== this.generation) return;
    this.#parts = null;
    db.close();
    const opened = openFile(file, kind, layoutAt(this.#options.now()));
    this.#take(opened.db, opened.memory);
    this.#told(opened);
    this.notify(
      `Files beside ${file} (-wal, -shm) were deleted or replaced while Perpscope ran. They are made again; nothing recorded is lost.`,
    );
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
