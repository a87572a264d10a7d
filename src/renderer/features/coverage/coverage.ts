import type { CoverageCalendar } from '#bridge/coverage.ts';
import type { CoverageKind, HoleReason } from '#domain/coverage/calendar.ts';
import { formatCount } from '../../format/numbers.ts';

const DAY_MS = 86_400_000;

/** How much of a day is there: nothing was expected, all, nearly all, more than half, less, nothing; `open`: what is missing is still to be asked for. */
export type Level = 'none-expected' | 'whole' | 'most' | 'half' | 'little' | 'nothing' | 'open';

export interface Day {
  /** Its first moment, UTC ms. */
  readonly day: number;
  readonly expected: number;
  readonly there: number;
  readonly level: Level;
  /** "3 refused, 1 still to come": what is missing, by reason. */
  readonly missing: string;
}

export interface Year {
  readonly year: number;
  /** Monday first; null before the year's first and after its last day. */
  readonly weeks: readonly (readonly (Day | null)[])[];
}

export const KIND_NAMES: Readonly<Record<CoverageKind, { readonly text: string; readonly rows: string; readonly title: string }>> = {
  settled: { text: 'Settled', rows: 'settlements', title: 'Settled rates, by the interval in force then' },
  prices: { text: 'Prices', rows: 'hours', title: 'Hourly prices of the venue’s own candles' },
  polls: { text: 'Polls', rows: 'hours', title: 'Hours that this computer observed' },
  books: { text: 'Books', rows: 'hours', title: 'Hours with an order book' },
};

export const WHY: Readonly<Record<HoleReason, string>> = {
  closed: 'nothing was collecting',
  'venue-down': 'the venue did not answer',
  'not-served': 'the venue does not give it',
  refused: 'what the venue told could not be believed',
  late: 'asked for, still to come',
  'not-fetched': 'not asked for yet',
  'not-watched': 'it was not watched',
  deleted: 'the limits of the history deleted it',
  archived: 'it lies in the archive, which cannot be read now',
  unknown: 'nothing recorded says why',
};

/** Only these a venue can be asked for. */
export const isFillable = (kind: CoverageKind): boolean => kind === 'settled' || kind === 'prices';

function levelOf(expected: number, there: number, open: number): Level {
  if (expected === 0) return 'none-expected';
  const share = there / expected;
  if (share >= 1) return 'whole';
  if (open === expected - there) return 'open';
  return share >= 0.95 ? 'most' : share >= 0.5 ? 'half' : share > 0 ? 'little' : 'nothing';
}

/** Years of weeks, the newest year first. */
export function yearsOf({ day, expected, there, missing }: CoverageCalendar): Year[] {
  const known = new Map<number, Day>();
  for (const [i, start] of day.entries()) {
    const [should, is] = [expected[i] ?? 0, there[i] ?? 0];
    const why = missing.flatMap(({ why: reason, rows }) => ((rows[i] ?? 0) > 0 ? [`${rows[i]}: ${WHY[reason]}`] : []));
    const open = missing.reduce(
      (sum, { why: reason, rows }) => sum + (reason === 'not-fetched' || reason === 'late' ? (rows[i] ?? 0) : 0),
      0,
    );
    known.set(start, { day: start, expected: should, there: is, level: levelOf(should, is, open), missing: why.join('; ') });
  }
  const [first, last] = [day[0], day.at(-1)];
  if (first === undefined || last === undefined) return [];
  const years: Year[] = [];
  for (let year = new Date(last).getUTCFullYear(); year >= new Date(first).getUTCFullYear(); year -= 1) years.push(yearOf(year, known));
  return years;
}

function yearOf(year: number, known: ReadonlyMap<number, Day>): Year {
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  // Monday is 0.
  const lead = (new Date(start).getUTCDay() + 6) % 7;
  const weeks: (Day | null)[][] = [];
  for (let t = start - lead * DAY_MS; t < end; t += 7 * DAY_MS)
    weeks.push(
      Array.from({ length: 7 }, (_, i) => {
        const day = t + i * DAY_MS;
        if (day < start || day >= end) return null;
        return known.get(day) ?? { day, expected: 0, there: 0, level: 'none-expected' as const, missing: '' };
      }),
    );
  return { year, weeks };
}

export const sumOf = (column: Float64Array): number => column.reduce((sum, one) => sum + one, 0);

/** "2,795 of 2,796 hours (99.96 %), 1 hole": never 100 % where something is missing. */
export function totalText({ kind, expected, there, holeCount }: CoverageCalendar): string {
  const [should, is] = [sumOf(expected), sumOf(there)];
  if (should === 0) return 'Nothing of this is stored yet.';
  const percent = Math.floor((is / should) * 10_000) / 100;
  const holes = holeCount === 0 ? 'no hole' : holeCount === 1 ? '1 hole' : `${formatCount(holeCount)} holes`;
  return `${formatCount(Math.floor(is))} of ${formatCount(should)} ${KIND_NAMES[kind].rows} (${percent} %), ${holes}`;
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** What a day says of itself, for its tooltip and a reader of the screen. */
export function dayText({ day, expected, there, missing }: Day, kind: CoverageKind): string {
  const name = `${date.format(day)} UTC`;
  if (expected === 0) return `${name}: nothing expected`;
  const part = `${Math.round(there * 10) / 10} of ${expected} ${KIND_NAMES[kind].rows}`;
  return missing === '' ? `${name}: ${part}` : `${name}: ${part}. Missing ${missing}`;
}
