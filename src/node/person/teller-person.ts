import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { PersonFacts } from '#bridge/settings.ts';
import type { PersonStore } from '#core/ports/person.ts';
import type { KeptStore } from '#core/ports/preferences.ts';
import { stampOf } from '../followed-preferences.ts';
import { connect, connectReadonly } from '../history/connection.ts';
import type { DatabaseKind } from '../history/schema.ts';
import {
  readAlerts,
  readFacts,
  readNewestAlerts,
  readSignalLog,
  readSignals,
  writeAcknowledged,
  writeAlert,
  writeSignal,
} from './facts.ts';
import { hurry, owing, paid, posted, putOff, readOwed, readPosts } from './owed.ts';
import { APPLICATION_ID, MIGRATIONS, versionOf } from './schema.ts';
import { IN_FORCE, personOf } from './words.ts';

export interface TellerPersonOptions {
  readonly file: string;
  readonly kind: DatabaseKind;
  readonly now: () => number;
  readonly defaults: PersonFacts;
}

/** The person's file as a process has it that tells and is no terminal. */
export interface TellerPerson
  extends
    KeptStore<PersonFacts>,
    Pick<
      PersonStore,
      | 'at'
      | 'recordSignal'
      | 'recordAlert'
      | 'alerts'
      | 'newestAlerts'
      | 'acknowledge'
      | 'signals'
      | 'signalLog'
      | 'owed'
      | 'paid'
      | 'posts'
      | 'posted'
      | 'putOff'
      | 'hurry'
      | 'othersWrote'
    > {
  /** Reads what the person says now. What was in force before where that is another now, else null. Throws where it cannot be read. */
  reread(): PersonFacts | null;
}

/**
 * Of the person's words nothing is changed here: they are the terminal's. What is told is written into the file all the same, each time in
 * one short transaction of a connection of its own, which SQLite keeps apart from the terminal's: an entry that one of both has kept is
 * there for the other, whichever is killed. A file that is deleted, replaced or put right is so by the terminal.
 */
export function openTellerPerson({ file, kind, now, defaults }: TellerPersonOptions): TellerPerson {
  // Only its own fields, as they are read.
  let current = personOf([], defaults).person;
  let seen = '';
  let stampOfOthers = '';

  function assertOurs(db: Database): void {
    const isOurs = Number(db.pragma('application_id', { simple: true })) === APPLICATION_ID[kind];
    if (isOurs && versionOf(db) === MIGRATIONS.length) return;
    throw new Error(`${file} is of another version of Perpscope: open a terminal of this version on the folder once.`);
  }
  function through<T>(open: (file: string) => Database, work: (db: Database) => T): T {
    const db = open(file);
    try {
      assertOurs(db);
      return work(db);
    } finally {
      db.close();
    }
  }
  const read = async <T>(work: (db: Database) => T): Promise<T> => {
    await Promise.resolve();
    return through(connectReadonly, work);
  };
  const write = async <T>(work: (db: Database) => T): Promise<T> => {
    await Promise.resolve();
    return through(connect, work);
  };
  const time = (): number => Math.round(now());
  const stamp = (): string => [file, `${file}-wal`].map(stampOf).join();

  return {
    get current() {
      return current;
    },
    notices: [],
    update: () => current,
    flush: () => Promise.resolve(),
    reread() {
      const stamped = stamp();
      if (stamped === seen || !existsSync(file)) return null;
      const { person } = through(connectReadonly, (db) => personOf(readFacts(db, IN_FORCE, null), defaults));
      seen = stamped;
      const before = current;
      if (JSON.stringify(person) === JSON.stringify(before)) return null;
      current = person;
      return before;
    },
    at: (asOf) => read((db) => personOf(readFacts(db, IN_FORCE, asOf), defaults).person),
    recordSignal: (entry, startedAt, owed = null) =>
      write((db) => owing(db, owed, time(), () => writeSignal(db, entry, startedAt, time()))),
    recordAlert: (alert, run, owed = null) => write((db) => owing(db, owed, time(), () => writeAlert(db, alert, run, time()))),
    alerts: (limit, asOf) => read((db) => readAlerts(db, limit, asOf)),
    newestAlerts: () => read(readNewestAlerts),
    acknowledge: (entries) => write((db) => writeAcknowledged(db, entries, time())),
    signals: (id, from, to, asOf) => read((db) => readSignals(db, id, from, to, asOf)),
    signalLog: (limit, asOf) => read((db) => readSignalLog(db, limit, asOf)),
    owed: () => read(readOwed),
    paid: (names, post = []) => write((db) => paid(db, names, post, time())),
    posts: (...asked) => read((db) => readPosts(db, ...asked)),
    posted: (id) => write((db) => posted(db, id)),
    putOff: (id, nextAt) => write((db) => putOff(db, id, nextAt)),
    hurry: () => write(hurry),
    othersWrote() {
      const before = stampOfOthers;
      stampOfOthers = stamp();
      return Promise.resolve(before !== '' && before !== stampOfOthers);
    },
  };
}
