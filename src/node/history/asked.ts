import type { Database } from 'better-sqlite3';
import { gapsOf, mergeSpans } from '#core/spans.ts';
import { missingBefore } from '#domain/holes.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';

/** Proven stretches of one instrument in more pieces than this stay with the newest ones; the rest is asked for in one go. */
const MAX_PIECES = 64;

/**
 * What was asked for and did not come. And a repair: until now a row that could not be read, a venue that lags and an empty
 * answer proved a stretch complete. Only what stored rows stand behind stays proven; the rest is asked for again. No row changes.
 */
export function addAsked(db: Database): void {
  db.exec(`
    CREATE TABLE asked (
      instrument INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('settled', 'price')),
      from_t INTEGER NOT NULL,
      to_t INTEGER NOT NULL CHECK (to_t > from_t),
      at INTEGER NOT NULL,
      since INTEGER NOT NULL,
      PRIMARY KEY (instrument, kind, from_t)
    ) STRICT, WITHOUT ROWID;
  `);
  const spans = db.prepare<[], SpanRow>('SELECT instrument, kind, from_t AS "from", to_t AS "to" FROM spans ORDER BY from_t').all();
  const put = db.prepare('INSERT INTO spans (instrument, kind, from_t, to_t) VALUES (?, ?, ?, ?)');
  db.exec('DELETE FROM spans');
  for (const kind of ['settled', 'price'] as const) {
    for (const number of new Set(spans.filter((span) => span.kind === kind).map(({ instrument }) => instrument))) {
      const held = kind === 'settled' ? heldBySettlements(db, number) : heldByPrices(db, number);
      const proven = spans
        .filter((span) => span.kind === kind && span.instrument === number)
        .flatMap(({ from, to }) => gapsOf(gapsOf(held, from, to), from, to));
      for (const { from, to } of proven.slice(-MAX_PIECES)) put.run(number, kind, from, to);
    }
  }
}

interface SpanRow extends Span {
  readonly instrument: number;
  readonly kind: 'settled' | 'price';
}

/** Stretches in which one settlement follows the other at its interval. */
function heldBySettlements(db: Database, number: number): Span[] {
  const rows = db
    .prepare<[number], { key: number; stamp: number; interval_h: number | null }>(
      'SELECT key, stamp, interval_h FROM settled WHERE instrument = ? ORDER BY key',
    )
    .all(number);
  const missing = new Set(
    missingBefore(
      rows.map(({ key }) => key),
      rows.map((row) => row.interval_h ?? NaN),
    ),
  );
  return mergeSpans(
    rows.map(({ stamp }, i) => ({ from: i === 0 || missing.has(i) ? stamp - 1 : (rows[i - 1]?.stamp ?? stamp) - 1, to: stamp })),
  );
}

/** Hours with every kind of price that candles bring: mark and index, or last trades where neither is served. */
function heldByPrices(db: Database, number: number): Span[] {
  const closes = db
    .prepare<[number], number>(
      `SELECT close FROM prices WHERE instrument = ? AND (mark IS NULL) = (idx IS NULL) AND coalesce(mark, last) IS NOT NULL ORDER BY close`,
    )
    .pluck()
    .all(number);
  return mergeSpans(closes.map((close) => ({ from: close - HOUR_MS, to: close })));
}
