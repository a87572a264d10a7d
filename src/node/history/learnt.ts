import type { Database } from 'better-sqlite3';
import type { LateWords, LearntBy } from '#core/ports/history-facts.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { metaOf } from './versions.ts';

/** Later than this after its time a row is late: the close of its hour was shown without it. */
const LATE_MS = HOUR_MS / 6;

interface Counted {
  readonly of: number;
  readonly later: number;
}

/** Reads what of the settlements of a stretch was learnt after a moment, instrument by instrument. */
export function learntByReader(db: Database): (ids: readonly InstrumentId[], span: Span, at: number) => LearntBy {
  const numbered = db.prepare<[string], { number: number; learntAt: number }>(
    'SELECT number, learnt_at AS learntAt FROM instruments WHERE id = ?',
  );
  const count = db.prepare<[number, number, number, number], Counted>(
    'SELECT count(*) AS "of", coalesce(sum(learnt_at > ?), 0) AS later FROM settled WHERE instrument = ? AND key > ? AND key <= ?',
  );
  const first = db.prepare<[number], number | null>('SELECT min(key) FROM settled WHERE instrument = ?').pluck();
  return (ids, { from, to }, at) => {
    const column = (): Float64Array<ArrayBuffer> => new Float64Array(ids.length).fill(NaN);
    const found = { of: new Float64Array(ids.length), later: new Float64Array(ids.length), first: column(), knownFrom: column() };
    for (const [i, id] of ids.entries()) {
      const known = numbered.get(id);
      if (known === undefined) continue;
      const { of, later } = count.get(at, known.number, from, to) ?? { of: 0, later: 0 };
      found.of[i] = of;
      found.later[i] = later;
      found.first[i] = first.get(known.number) ?? NaN;
      found.knownFrom[i] = known.learntAt;
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
         ELSE close + learnt END, min(close) FROM priced GROUP BY CASE WHEN learnt > 0 THEN close ELSE learnt END
       UNION ALL SELECT b.learnt_at, min(o.at) FROM open_interest o JOIN batches b ON b.number = o.batch WHERE o.instrument = (SELECT n FROM one) GROUP BY b.learnt_at
       UNION ALL SELECT learnt_at, close FROM prices_later WHERE instrument = (SELECT n FROM one)
     ) GROUP BY learnt_at ORDER BY learnt_at`,
  );
  return (id) => {
    const rows = read.all({ id, late: LATE_MS, unknown });
    return { learntAt: Float64Array.from(rows, (row) => row.learntAt), from: Float64Array.from(rows, (row) => row.from) };
  };
}
