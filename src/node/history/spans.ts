import type { Database } from 'better-sqlite3';
import type { Span } from '#domain/time.ts';
import type { SeriesKind } from '#core/ports.ts';

/** Adds a proven stretch (from, to] and merges it with those that it overlaps or touches. Inside the caller's transaction. */
export function addSpan(db: Database, number: number, kind: SeriesKind, span: Span): void {
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
