import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Log } from '#core/ports/log.ts';
import { SqlitePerson, type SqlitePersonOptions } from '#node/person/sqlite-person.ts';
import { tempDir, T0 } from '../history/support.ts';

export interface OpenedPersonFile {
  readonly store: SqlitePerson;
  readonly file: string;
  readonly clock: { now: number };
  readonly logged: string[];
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** A person's file in a folder of its own (or `file`), closed after the test. */
export function openFile(file = join(tempDir(), 'person.sqlite'), values: Partial<SqlitePersonOptions> = {}): OpenedPersonFile {
  const clock = { now: T0 };
  const logged: string[] = [];
  const log: Log = { write: (level, area, message) => logged.push(`${level} ${area} ${message}`) };
  const old = { facts: [], history: join(file, '..', 'history.sqlite') };
  const store = new SqlitePerson({ file, kind: 'live', log, now: () => clock.now, old, ...values });
  cleanUps.push(() => store.close());
  return { store, file, clock, logged };
}
