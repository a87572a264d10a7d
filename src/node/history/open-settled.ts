import type { Database } from 'better-sqlite3';
import { missingBefore } from '#domain/holes.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { KNOWN } from './known-settled.ts';

/** Rows so far on both sides tell what interval holds at the ends of a stretch. */
const MARGIN_MS = 3 * 24 * HOUR_MS;
/** More open stretches than this between two rows of one answer are one. */
const MAX_OPEN = 8;

interface Row {
  readonly key: number;
  readonly stamp: number;
  readonly interval_h: number | null;
  readonly mark: number | null;
  readonly premium: number | null;
}

/** What the stored settlements in and beside a stretch say is not there: missing ones, and those that lack what rows before them have. */
export function openBetween(db: Database, number: number, { from, to }: Span): Span[] {
  const rows = db
    .prepare<[number, number, number], Row>(`${KNOWN} WHERE s.instrument = ? AND s.key > ? AND s.key <= ? ORDER BY s.key`)
    .all(number, from - MARGIN_MS, to + MARGIN_MS);
  const keys = rows.map(({ key }) => key);
  const missing = missingBefore(
    keys,
    rows.map((row) => row.interval_h ?? NaN),
  ).map((i) => ({ from: rows[i - 1]?.stamp ?? 0, to: (rows[i]?.stamp ?? 0) - 1 }));
  const open = [...missing, ...lacking(rows)].filter((span) => span.to > span.from).sort((a, b) => a.from - b.from);
  // What lies beside the stretch says nothing of what lies in it.
  return [[-Infinity, from] as const, [from, to] as const, [to, Infinity] as const].flatMap(([begin, end]) =>
    fewOf(open.map((span) => ({ from: Math.max(span.from, begin), to: Math.min(span.to, end) })).filter((span) => span.to > span.from)),
  );
}

/** Many small stretches as one. */
function fewOf(open: readonly Span[]): readonly Span[] {
  const [first, last] = [open[0], open.at(-1)];
  return open.length > MAX_OPEN && first && last ? [{ from: first.from, to: last.to }] : open;
}

function lacking(rows: readonly Row[]): Span[] {
  let [marks, premiums] = [false, false];
  return rows.flatMap(({ stamp, mark, premium }) => {
    const lacks = (marks && mark === null) || (premiums && premium === null);
    marks ||= mark !== null;
    premiums ||= premium !== null;
    return lacks ? [{ from: stamp - 1, to: stamp }] : [];
  });
}
