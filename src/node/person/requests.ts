import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { instrumentIdText } from '#bridge/settings.ts';
import { REQUEST_MS, type WatchRequest } from '#core/ports/person.ts';

const NAME = 'terminal';
/** More than a person has open; the collector asks exchanges for each of them every few seconds. */
const MOST_PLANNED = 16;

const ids = z.array(z.unknown()).transform((all) => all.filter((one): one is string => instrumentIdText.safeParse(one).success));
const requestText = z.object({ watch: ids, first: ids.default([]), plan: ids.transform((all) => all.slice(0, MOST_PLANNED)) });

/** `saidAt`: real time of this machine, ms, by which the request of a terminal that is gone ends. */
export function writeRequest(db: Database, request: WatchRequest | null, saidAt: number): void {
  if (request === null) db.prepare('DELETE FROM requests WHERE name = ?').run(NAME);
  else db.prepare('INSERT OR REPLACE INTO requests VALUES (?, ?, ?)').run(NAME, saidAt, JSON.stringify(request));
}

/** What holds now; null: nothing is asked, or by a terminal that is gone. A clock that was set ends it too, until it is said again. */
export function readRequest(db: Database, now: number): WatchRequest | null {
  const isThere = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'requests'").pluck().get() === 1;
  if (!isThere) return null;
  const row = db
    .prepare<[string, number, number], { body: string }>('SELECT body FROM requests WHERE name = ? AND said_at BETWEEN ? AND ?')
    .get(NAME, now - REQUEST_MS, now + REQUEST_MS);
  if (row === undefined) return null;
  try {
    const read = requestText.safeParse(JSON.parse(row.body));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
