import { deriveIntervals, INTERVAL_REFUTED } from '#domain/interval.ts';
import { INTERVAL_SOURCE } from './interval-source.ts';
import type { Migration } from './schema.ts';

interface Row {
  readonly key: number;
  readonly interval_h: number | null;
  readonly interval_source: number | null;
}

/**
 * Earlier versions gave a settlement the interval that polls stated, also where its neighbours lie closer together than that. Such
 * rows get the distance; what a venue stated for the very row stays as it came, and so does every rate.
 */
export const mendIntervals: Migration = (db) => {
  const rowsOf = db.prepare<[number], Row>('SELECT key, interval_h, interval_source FROM settled WHERE instrument = ? ORDER BY key');
  const put = db.prepare('UPDATE settled SET interval_h = ?, interval_source = ? WHERE instrument = ? AND key = ?');
  const known = db.prepare<[number], number>('SELECT DISTINCT instrument FROM settled WHERE interval_source = ?').pluck();
  for (const instrument of known.all(INTERVAL_SOURCE.known)) {
    const rows = rowsOf.all(instrument);
    const { intervalH, source } = deriveIntervals(
      Float64Array.from(rows, ({ key }) => key),
      Float64Array.from(rows, (row) => (row.interval_source === INTERVAL_SOURCE.gap ? NaN : (row.interval_h ?? NaN))),
    );
    for (const [i, { key, interval_source }] of rows.entries()) {
      if (source[i] === INTERVAL_REFUTED && interval_source === INTERVAL_SOURCE.known)
        put.run(intervalH[i], INTERVAL_SOURCE.gap, instrument, key);
    }
  }
};
