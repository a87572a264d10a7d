import { readCoverage } from '#core/read/coverage/coverage.ts';
import { COVERAGE_KINDS, type Coverage, type CoverageKind, type HoleReason } from '#domain/coverage/calendar.ts';
import { parseFlags } from './flags.ts';
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import { timeOf } from './metric-args.ts';
import { PLACE_FLAGS, placeFrom } from './place.ts';
import { instrumentOf, withStoredHistory } from './stored-history.ts';
import { UsageError } from './usage.ts';

const MOST_SHOWN = 20;

const COVERAGE_HELP = `Usage: npm run -s perpscope -- coverage --venue V --symbol S [flags]

Says how much of what should be stored of an instrument is, and every hole with its reason; also beside a running app. What should be
there is told by the interval in force then, for settlements, and by the hour for prices, polls and order books.

  --venue V --symbol S     the instrument
  --kind settled           settled, prices, polls or books; more by repeating it (default: all)
  --from, --to TIME        holes and days after the one and up to the other: milliseconds since 1970 or 2026-01-31T08:00Z
  --json                   days and holes as JSON
  --data-dir FOLDER        where the local history lives; --demo for the demo's
  --history ADDRESS        a desk's history in PostgreSQL instead, as postgres://reader@host/database (docs/desk.md);
                           --archive PLACE where its old months lie
  --help                   this text

Reasons: closed (nothing collected then), venue-down, not-served (asked for, and the venue does not give it), refused (it could not be
believed), late (asked for, still to come), not-fetched (backfill asks for it), not-watched, deleted (by the limits of the history), archived (and
not read: --archive), unknown.

Example: npm run -s perpscope -- coverage --venue binance --symbol BTCUSDT --kind settled --from 2025-01-01

${EXIT_HELP}`;

const options = {
  venue: { type: 'string' },
  symbol: { type: 'string' },
  kind: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  ...PLACE_FLAGS,
} as const;

interface CoverageRequest {
  readonly id: string;
  readonly kinds: readonly CoverageKind[];
  readonly from: number;
  readonly to: number;
  readonly dataDir: string | null;
  readonly demo: boolean;
  readonly shared: string | null;
  readonly archive: string | null;
  readonly asOf: null;
}

/** What is stored of an instrument and what is missing. */
export const covering: Command = { name: 'coverage', help: COVERAGE_HELP, run: (args) => tell(readArgs(args)) };

/** Throws UsageError that says what to ask instead. */
function readArgs(args: readonly string[]): CoverageRequest {
  const values = parseFlags(args, options);
  const { venue, symbol, kind: kinds = COVERAGE_KINDS } = values;
  if (venue === undefined || symbol === undefined) throw new UsageError('Say of what: --venue and --symbol, as coverage --help shows.');
  return {
    id: `${venue}:${symbol}`,
    kinds: [...new Set(kinds)].map((name) => {
      const known = COVERAGE_KINDS.find((one) => one === name);
      if (known === undefined) throw new UsageError(`--kind is one of ${COVERAGE_KINDS.join(', ')}, not "${name}".`);
      return known;
    }),
    from: timeOf('--from', values.from) ?? -Infinity,
    to: timeOf('--to', values.to) ?? Infinity,
    ...placeFrom(values),
    asOf: null,
  };
}

const tell = (request: CoverageRequest): Promise<Answer> =>
  withStoredHistory(request, async ({ history, now, missing }) => {
    const { id, kinds, from, to } = request;
    const instrument = instrumentOf(id, await history.instruments(), null);
    const { intervalH = null } = (await history.latest()).find((one) => one.instrument.id === id)?.snapshot ?? {};
    const found: Found[] = [];
    for (const kind of kinds) found.push({ kind, ...within(await readCoverage(history, kind, { instrument, now, intervalH }), from, to) });
    const holes = found.reduce((sum, one) => sum + one.holes.length, 0);
    return {
      data: { instrument: id, kinds: found.map(plain) },
      notes: missing(),
      text: () => found.map(readable).join('\n\n'),
      ...(holes > 0 && { exit: EXIT.incomplete }),
    };
  });

interface Found extends Coverage {
  readonly kind: CoverageKind;
}

const within = ({ days, holes }: Coverage, from: number, to: number): Coverage => ({
  days: days.filter(({ day }) => day >= from && day <= to),
  holes: holes.filter(({ first, last }) => last > from && first <= to),
});

const iso = (t: number): string => new Date(t).toISOString();
const minute = (t: number): string => iso(t).slice(0, 16).replace('T', ' ');

const plain = ({ kind, days, holes }: Found) => ({
  kind,
  ...totals(days),
  days: days.map(({ day, ...rest }) => ({ day: iso(day).slice(0, 10), ...rest })),
  holes: holes.map(({ first, last, ...rest }) => ({ first: iso(first), last: iso(last), ...rest })),
});

function totals(days: Coverage['days']) {
  const sum = (of: (day: Coverage['days'][number]) => number): number => days.reduce((all, day) => all + of(day), 0);
  return { expected: sum(({ expected }) => expected), there: sum(({ there }) => there) };
}

const ROWS: Record<CoverageKind, string> = {
  settled: 'settlements',
  prices: 'hours of prices',
  polls: 'hours of polls',
  books: 'hours of order books',
};

function readable({ kind, days, holes }: Found): string {
  const { expected, there } = totals(days);
  if (expected === 0) return `${kind}: nothing is stored there, so nothing says what should be.`;
  const share = Math.floor((there / expected) * 10_000) / 100;
  const head = `${kind}: ${Math.floor(there)} of ${expected} ${ROWS[kind]} (${share} %), ${holes.length === 0 ? 'no hole' : `holes: ${holes.length}`}`;
  const shown = holes.slice(-MOST_SHOWN).reverse();
  const lines = shown.map(
    ({ first, last, rows, why }) => `  ${minute(first)}${last === first ? '' : ` to ${minute(last)}`} UTC  ${rows} missing: ${WHY[why]}`,
  );
  const more = holes.length > shown.length ? [`  and ${holes.length - shown.length} older ones: --to shows them, --json all`] : [];
  return [head, ...lines, ...more].join('\n');
}

const WHY: Record<HoleReason, string> = {
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
