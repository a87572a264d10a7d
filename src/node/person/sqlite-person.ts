import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Log } from '#core/ports/log.ts';
import type { Notification } from '#core/ports/notifier.ts';
import type { AlertRecord, Fact, Owed, Posts, ScenarioRecord, SignalEntryRecord, WatchRequest } from '#core/ports/person.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { asHistoryError, damageWords, HistoryError, isDamage, messageOf } from '../history/errors.ts';
import { News } from '../history/news.ts';
import { setAside } from '../history/open-file.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { connectMemory } from '../history/connection.ts';
import { changeOf, type Identity, identityOf, isHeld } from '../history/which-file.ts';
import {
  carryOver,
  extentOf,
  newestOf,
  readAlerts,
  readFacts,
  readNewestAlerts,
  readScenarios,
  readSignalLog,
  readSignals,
  scenarioFact,
  writeAcknowledged,
  writeAlert,
  wereSaid,
  writeFacts,
  writeSignal,
} from './facts.ts';
import { hurry, owing, paid, posted, putOff, readOwed, readPosts } from './owed.ts';
import { keepGood, openOnDisk, type OpenedPerson, openPersonFile, putInPlace, withoutWal } from './person-disk.ts';
import { writeRequest } from './requests.ts';
import { isTakenOver, type OldPerson, takeOverHistory, takeOverSettings } from './take-over.ts';
import { IN_FORCE } from './words.ts';

export interface SqlitePersonOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly log: Log;
  readonly now: () => number;
  /** What an older version kept elsewhere. */
  readonly old: OldPerson;
}

/** How the file stands. */
export interface PersonFileState {
  readonly notices: readonly string[];
  /** What is written is on disk. */
  readonly onDisk: boolean;
  /** Grows when another database takes the place of the one before. */
  readonly generation: number;
  /** The one before lacked what this one holds: what is in force must be read again. */
  readonly found: boolean;
}

/** What hardly ends within seconds is tried again so seldom. */
const TRY_AGAIN_MS = 60_000;
const GOOD_COPY_EVERY_MS = 24 * 3_600_000;

/** The writing store of the person's file: one connection, synchronous. Meant to live in a worker. */
export class SqlitePerson {
  readonly #options: SqlitePersonOptions;
  readonly #news: News;
  #db: Database | null;
  /** Why it is in memory, with the notices of that; null: it is on disk. */
  #trouble: { readonly why: OpenedPerson['trouble'] | 'taken'; readonly notices: readonly string[]; readonly whole: boolean } | null = null;
  /** The last fact of the file when the session began in memory. */
  #since = 0;
  #triedAt = -Infinity;
  /** The history was asked for what it kept. */
  #askedAt = -Infinity;
  /** The database into which all was taken over: nothing is looked for again while it is the open one. */
  #complete: Database | null = null;
  #identity: Identity;
  #generation = 0;
  #found = false;
  #goodAt = 0;
  /** Of the open database, when it was asked last. */
  #writes: { readonly db: Database; readonly count: number } | null = null;
  /** The open file is no longer at its path, and no other could be put there yet. */
  #stranded: string | null = null;

  /** HistoryError 'newer' or 'other-kind' where the file must not be touched. */
  constructor(options: SqlitePersonOptions) {
    this.#options = options;
    this.#news = new News(options.file, options.now);
    const opened = openPersonFile(options.file, options.kind);
    this.#db = opened.db;
    this.#identity = identityOf(options.file);
    this.#told(opened);
    // Where the file is there and cannot be read, it says for itself whether it took over.
    if (opened.whole && opened.trouble !== 'newer') this.#takeOver(opened.db);
  }

  facts = (asOf: number | null): Fact[] => this.#run((db) => readFacts(db, IN_FORCE, asOf));
  factsOf = (kind: string): Fact[] => this.#run((db) => readFacts(db, [kind], null));
  scenarios = (asOf: number | null): ScenarioRecord[] => this.#run((db) => readScenarios(db, asOf));
  alerts = (limit: number, asOf: number | null): AlertRecord[] => this.#run((db) => readAlerts(db, limit, asOf));
  signals = (id: InstrumentId, from: number, to: number, asOf: number | null): SignalEntryRecord[] =>
    this.#run((db) => readSignals(db, id, from, to, asOf));
  signalLog = (limit: number, asOf: number | null): SignalEntryRecord[] => this.#run((db) => readSignalLog(db, limit, asOf));

  newest = (): number => this.#run(newestOf);

  /** What settings.json holds of an older version was taken over: now or before. */
  tookSettings = (): boolean => this.#run((db) => wereSaid(db, this.#options.old.facts));

  keep(facts: readonly Fact[]): void {
    this.#run((db) => writeFacts(db, facts, this.#now()));
  }
  askCollector(request: WatchRequest | null): void {
    this.#run((db) => writeRequest(db, request, Date.now()));
  }
  recordScenario(id: string, record: Omit<ScenarioRecord, 'id'> | null, owed: Owed | null = null): void {
    const fact = scenarioFact(id, record);
    this.#owing(owed, (db) => {
      writeFacts(db, [fact], this.#now());
      return true;
    });
  }
  recordSignal(entry: SignalEntryRecord, startedAt: number, owed: Owed | null = null): boolean {
    return this.#owing(owed, (db) => writeSignal(db, entry, startedAt, this.#now()));
  }
  recordAlert(alert: AlertRecord, run: Span, owed: Owed | null = null): boolean {
    return this.#owing(owed, (db) => writeAlert(db, alert, run, this.#now()));
  }
  newestAlerts = (): AlertRecord[] => this.#run(readNewestAlerts);
  acknowledge(entries: readonly Pick<AlertRecord, 'rule' | 'instrument' | 'at'>[]): void {
    this.#run((db) => writeAcknowledged(db, entries, this.#now()));
  }
  owed = (): (Owed & { readonly since: number })[] => this.#run(readOwed);
  paid(names: readonly string[], post: readonly Notification[] = []): void {
    this.#run((db) => paid(db, names, post, this.#now()));
  }
  posts = (now: number, latest: number): Posts => this.#run((db) => readPosts(db, now, latest));
  posted(id: string): void {
    this.#run((db) => posted(db, id));
  }
  putOff(id: string, nextAt: number): void {
    this.#run((db) => putOff(db, id, nextAt));
  }
  hurry(): void {
    this.#run(hurry);
  }

  othersWrote(): boolean {
    const before = this.#writes;
    // Counts the commits of other connections, as this one sees them.
    this.#writes = this.#run((db) => ({ db, count: Number(db.pragma('data_version', { simple: true })) }));
    return before !== null && (before.db !== this.#writes.db || before.count !== this.#writes.count);
  }

  /** A good copy of what is open, which the caller has read and found whole. */
  keepGood(): void {
    if (this.#trouble !== null) return;
    this.#goodAt = this.#now();
    try {
      keepGood(this.#options.file, this.#open());
    } catch (error) {
      this.#options.log.write('warn', 'person', `The good copy could not be refreshed: ${messageOf(error)}`);
    }
  }

  state(): PersonFileState {
    const notices = [...(this.#trouble?.notices ?? []), ...(this.#stranded === null ? [] : [this.#stranded]), ...this.#news.current()];
    return { notices, onDisk: this.#trouble === null && this.#stranded === null, generation: this.#generation, found: this.#found };
  }

  /** Looks whether the open file is the one at its path and can be written, and puts that right. `mine`: this process has its lock. */
  tend(mine: boolean): PersonFileState {
    const db = this.#open();
    if (!mine) this.#leave(db);
    else if (this.#trouble !== null) this.#seekDisk(db);
    else {
      this.#checkFile(db);
      if (this.#takeOver(this.#open())) {
        this.#generation++;
        this.#found = true;
      }
    }
    if (this.#trouble === null && this.#now() - this.#goodAt > GOOD_COPY_EVERY_MS) this.keepGood();
    return this.state();
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  #now = (): number => Math.round(this.#options.now());

  #open(): Database {
    if (this.#db) return this.#db;
    throw new HistoryError('closed', 'Perpscope is closing.', 'the person’s file is closed');
  }

  #owing(owed: Owed | null, keep: (db: Database) => boolean): boolean {
    return this.#run((db) => owing(db, owed, this.#now(), () => keep(db)));
  }

  #run<T>(work: (db: Database) => T): T {
    try {
      return work(this.#open());
    } catch (error) {
      if (!isDamage(error) || this.#trouble !== null) throw asHistoryError(error, this.#options.file);
      this.#options.log.write('error', 'person', 'the file is damaged', { error: messageOf(error) });
      this.#replaceDamaged(damageWords(error));
      return work(this.#open());
    }
  }

  #notify(text: string): void {
    if (this.#news.tell(text)) this.#options.log.write('warn', 'person', text);
  }

  #told({ notices, trouble, whole, db }: OpenedPerson): void {
    if (trouble === null) for (const notice of notices) this.#notify(notice);
    else {
      for (const notice of notices) this.#options.log.write('warn', 'person', notice);
      this.#trouble = { why: trouble, notices, whole };
    }
    this.#since = trouble !== null && whole && existsSync(this.#options.file) ? lastFactOf(db) : 0;
  }

  #take(db: Database): void {
    this.#db = db;
    this.#identity = identityOf(this.#options.file);
    this.#generation++;
    this.#trouble = this.#stranded = null;
  }

  /** True where the history gave what it had just now. One that is held or broken is asked again. */
  #takeOver(db: Database): boolean {
    if (this.#complete === db) return false;
    takeOverSettings(db, this.#options.old, this.#now());
    if (Math.abs(this.#now() - this.#askedAt) < TRY_AGAIN_MS) return false;
    this.#askedAt = this.#now();
    try {
      const taken = takeOverHistory(db, this.#options.old, this.#options.kind);
      if (isTakenOver(db)) this.#complete = db;
      return taken;
    } catch (error) {
      this.#options.log.write('warn', 'person', `what the history kept is taken over later: ${messageOf(error)}`);
      return false;
    }
  }

  #leave(db: Database): void {
    if (this.#trouble !== null) return;
    const notice = `Another Perpscope keeps its lists and alerts in ${this.#options.file} now. What you change here is in memory only: close one of the two.`;
    this.#options.log.write('warn', 'person', notice);
    const copy = connectMemory(withoutWal(db.serialize()));
    db.close();
    this.#take(copy);
    this.#since = lastFactOf(copy);
    this.#trouble = { why: 'taken', notices: [notice], whole: true };
  }

  /** Leaves the memory once the file can be had; what came meanwhile goes with it. */
  #seekDisk(before: Database): void {
    const { file, kind, log } = this.#options;
    const trouble = this.#trouble;
    if (trouble === null || trouble.why === 'newer') return;
    if (trouble.why === 'busy' ? isHeld(file) : trouble.why !== 'taken' && this.#justTried()) return;
    this.#triedAt = this.#now();
    const notices: string[] = [];
    try {
      if (!existsSync(file) && trouble.whole) putInPlace(file, withoutWal(before.serialize()));
      const db = openOnDisk(file, kind, notices);
      if (db === null) return;
      carryOver(before, db, this.#since);
      before.close();
      this.#found = !trouble.whole || trouble.why === 'taken';
      this.#take(db);
      this.#takeOver(db);
    } catch (error) {
      log.write('info', 'person', `still in memory: ${messageOf(error)}`);
      return;
    }
    for (const notice of notices) this.#notify(notice);
    this.#notify(`${file} can be written again: what you changed meanwhile is kept.`);
  }

  /** A clock that was set back is no reason to wait for it. */
  #justTried(): boolean {
    return Math.abs(this.#now() - this.#triedAt) < TRY_AGAIN_MS;
  }

  #checkFile(db: Database): void {
    const { file, kind } = this.#options;
    const change = changeOf(file, this.#identity);
    if (change === 'same') {
      if (this.#identity.wal === null || this.#identity.shm === null) this.#identity = identityOf(file);
      this.#stranded = null;
      return;
    }
    if (this.#stranded !== null && this.#justTried()) return;
    this.#triedAt = this.#now();
    let aside: string | null = null;
    try {
      const bytes = withoutWal(db.serialize());
      if (change === 'other') aside = setAside(file, 'foreign');
      putInPlace(file, bytes);
      db.close();
      this.#db = null;
      this.#take(openOnDisk(file, kind, []) ?? connectMemory(bytes));
      this.#found = false;
    } catch (error) {
      if (isDamage(error) || change === 'emptied') {
        this.#replaceDamaged('it was cut short while it was in use');
        return;
      }
      this.#stranded = `${file} was deleted or replaced while Perpscope ran, and a new one cannot be written yet. ${asHistoryError(error, file).user} Until that works, what you change is lost when Perpscope ends.`;
      return;
    }
    this.#notify(
      aside === null
        ? `${file} was deleted, moved or cut while Perpscope ran. A new one with everything that it held took its place.`
        : `Another file was put in the place of ${file} while Perpscope ran. It was kept as ${aside}; a new one with everything that the one before held took its place.`,
    );
  }

  /** The newest good copy takes the place of the damaged file; the caller writes what is in force again. */
  #replaceDamaged(why: string): void {
    const { file, kind } = this.#options;
    this.#db?.close();
    this.#db = null;
    this.#options.log.write('error', 'person', `${file}: ${why}`);
    const opened = openPersonFile(file, kind);
    this.#take(opened.db);
    this.#found = false;
    this.#told(opened);
  }
}

const lastFactOf = (db: Database): number => Number(extentOf(db).split(' ')[0]);
