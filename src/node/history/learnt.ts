import type { Database } from 'better-sqlite3';
import type { LateWords, LearntBy } from '#core/ports/history-facts.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { metaOf } from './versions.ts';

/** Later than this after its time a row is late: the close of its hour was shown without it. */
const LATE_MS = HOUR_MS / 6;

interface Counted {
  readonly id: InstrumentId;
  readonly of: number;
  readonly later: number;
  readonly first: number | null;
  readonly knownFrom: number;
}

/** Reads what of the settlements of a stretch was learnt after a moment, instrument by instrument. */
export function learntByReader(db: Database): (ids: readonly InstrumentId[], span: Span, at: number) => LearntBy {
  const count = db.prepare<[Span & { ids: string; at: number }], Counted>(
    `SELECT i.id, i.learnt_at AS knownFrom, (SELECT min(f.key) FROM settled f WHERE f.instrument = i.number) AS first,
       count(s.key) AS "of", count(*) FILTER (WHERE s.learnt_at > @at) AS later
     FROM json_each(@ids) CROSS JOIN instruments i ON i.id = value LEFT JOIN settled s ON s.instrument = i.number AND s.key > @from AND s.key <= @to
     GROUP BY i.number`,
  );
  return (ids, span, at) => {
    const column = (): Float64Array<ArrayBuffer> => new Float64Array(ids.length).fill(NaN);
    const found = { of: new Float64Array(ids.length), later: new Float64Array(ids.length), first: column(), knownFrom: column() };
    const rows = new Map(count.all({ ids: JSON.stringify(ids), ...span, at }).map((row) => [row.id, row]));
    for (const [i, id] of ids.entries()) {
      const row = rows.get(id);
      if (row === undefined) continue;
      found.of[i] = row.of;
      found.later[i] = row.later;
      found.first[i] = row.first ?? NaN;
      found.knownFrom[i] = row.knownFrom;
    }
    return found;
  };
}

/**
 * Reads when words of an instrument's past came late, in the order in which they did, each with the least time that it concerns: rows
 * that were learnt more than ten minutes after their time, and every later word of a row.
 */
export function lateWordsReader(db: Database): (id: InstrumentId) => LateWords {
  const unknown = metaOf(db, 'taken_over_at') ?? 0;
  const read = db.prepare<[{ id: string; late: number; unknown: number }], { learntAt: number; from: number }>(
    `WITH one(n) AS (SELECT number FROM instruments WHERE id = @id),
       priced AS (SELECT close, learnt FROM prices WHERE instrument = (SELECT n FROM one) AND (learnt IS NULL OR learnt < 0 OR learnt > @late))
     SELECT learnt_at AS learntAt, min(t) AS "from" FROM (
       SELECT learnt_at, min(key) AS t FROM settled WHERE instrument = (SELECT n FROM one) AND learnt_at > key + @late GROUP BY learnt_at
       UNION ALL SELECT learnt_at, key FROM settled_later WHERE instrument = (SELECT n FROM one)
       UNION ALL SELECT CASE WHEN learnt IS NULL THEN @unknown WHEN learnt < 0 THEN (SELECT learnt_at FROM batches WHERE number = -learnt)
         ELSE close + learnt END, close
         FROM (SELECT max(learnt) AS learnt, min(close) AS close FROM priced GROUP BY CASE WHEN learnt > 0 THEN close ELSE learnt END) AS together
       UNION ALL SELECT b.learnt_at, min(o.at) FROM open_interest o JOIN batches b ON b.number = o.batch WHERE o.instrument = (SELECT n FROM one) GROUP BY b.learnt_at
       UNION ALL SELECT learnt_at, close FROM prices_later WHERE instrument = (SELECT n FROM one)
     ) AS late GROUP BY learnt_at ORDER BY learnt_at`,
  );
  return (id) => {
    const rows = read.all({ id, late: LATE_MS, unknown });
    return { learntAt: Float64Array.from(rows, (row) => row.learntAt), from: Float64Array.from(rows, (row) => row.from) };
  };
}
