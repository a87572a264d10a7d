import type { Database } from 'better-sqlite3';
import type { Span } from '#domain/time.ts';
import { gapsOf } from '#core/spans.ts';
import type { Asked, SeriesKind } from '#core/ports.ts';
import { checkSpan, time } from './checks.ts';

/** Adds what of `proven` is not in `open`. Inside the caller's transaction. */
export function addProven(db: Database, number: number, kind: SeriesKind, proven: Span | null, open: readonly Span[]): void {
  for (const span of proven ? gapsOf(open, proven.from, proven.to) : []) addSpan(db, number, kind, span);
}

/** Takes (from, to] out of the proven stretches. Inside the caller's transaction. */
export function cutSpan(db: Database, number: number, kind: SeriesKind, { from, to }: Span): void {
  const met = [number, kind, to, from] as const;
  const where = 'instrument = ? AND kind = ? AND from_t < ? AND to_t > ?';
  const spans = db
    .prepare<[number, string, number, number], Span>(`SELECT from_t AS "from", to_t AS "to" FROM spans WHERE ${where}`)
    .all(...met);
  db.prepare(`DELETE FROM spans WHERE ${where}`).run(...met);
  for (const span of spans.flatMap((one) => gapsOf([{ from, to }], one.from, one.to))) addSpan(db, number, kind, span);
}

/** What was asked for and did not come, in the place of what stood there. */
export function writeAsked(db: Database, number: number, kind: SeriesKind, asked: readonly Asked[]): void {
  const put = db.prepare('INSERT INTO asked (instrument, kind, from_t, to_t, at, since) VALUES (?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    db.prepare('DELETE FROM asked WHERE instrument = ? AND kind = ?').run(number, kind);
    for (const { from, to, at, since } of asked) {
      checkSpan({ from, to }, 'a stretch that was asked for');
      put.run(number, kind, from, to, time(at, 'when it was asked for'), time(since, 'since when it is asked for'));
    }
  }).immediate();
}

/** Adds a proven stretch (from, to] and merges it with those that it overlaps or touches. Inside the caller's transaction. */
function addSpan(db: Database, number: number, kind: SeriesKind, span: Span): void {
  const touching = [number, kind, span.to, span.from] as const;
  const where = 'instrument = ? AND kind = ? AND from_t <= ? AND to_t >= ?';
  const met = db
    .prepare<[number, string, number, number], { least: number | null; most: number | null }>(
      `SELECT min(from_t) AS least, max(to_t) AS most FROM spans WHERE ${where}`,
    )
    .get(...touching);
  db.prepare(`DELETE FROM spans WHERE ${where}`).run(...touching);
  const from = Math.min(span.from, met?.least ?? span.from);
  const to = Math.max(span.to, met?.most ?? span.to);
  db.prepare('INSERT INTO spans (instrument, kind, from_t, to_t) VALUES (?, ?, ?, ?)').run(number, kind, from, to);
}
