import type { CoverageCalendar } from '#bridge/coverage.ts';
import { type Coverage, type CoverageKind, HOLE_REASONS } from '#domain/coverage/calendar.ts';

/** No more than a screen holds. */
const MOST_HOLES = 300;

/** The coverage as columns for the screen. */
export function calendarAnswer(kind: CoverageKind, { days, holes }: Coverage, unfillable: string | null): CoverageCalendar {
  return {
    kind,
    day: Float64Array.from(days, ({ day }) => day),
    expected: Float64Array.from(days, ({ expected }) => expected),
    there: Float64Array.from(days, ({ there }) => there),
    missing: HOLE_REASONS.map((why) => ({ why, rows: Float64Array.from(days, ({ missing }) => missing[why] ?? 0) })).filter(({ rows }) =>
      rows.some((count) => count > 0),
    ),
    holes: holes.slice(-MOST_HOLES).reverse(),
    holeCount: holes.length,
    unfillable,
  };
}
