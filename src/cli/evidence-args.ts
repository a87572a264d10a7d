import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { MOST_HOURS, studyLevel } from '#bridge/evidence.ts';
import { alertCondition } from '#bridge/settings.ts';
import { isMoving, type Level, LEVEL_DAYS, levelText } from '#domain/evidence/levels.ts';
import { DRAWS, type ExitRule, SHIFTS, type StudyTerms } from '#domain/evidence/question.ts';
import type { StudiedCondition } from '#domain/evidence/studied.ts';
import { REARM, RULE_OPS, type RuleOp } from '#domain/rule.ts';
import { EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { type FileOf, fileOf, metricOf, paramsOf, timeOf, zoneOf } from './metric-args.ts';
import { PLACE_FLAGS, placeFrom } from './place.ts';
import { UsageError } from './usage.ts';

/** What `evidence` was asked. */
export interface EvidenceRequest {
  /** At each of the levels: more than one is a search. Of a rule from a file there is one. */
  readonly levels: readonly { readonly level: Level; readonly conditions: readonly StudiedCondition[] }[];
  readonly k: number;
  readonly terms: StudyTerms;
  /** Side by side; the first one is that of `terms`. */
  readonly delaysH: readonly number[];
  readonly files: readonly FileOf[];
  readonly venue: string | null;
  readonly symbols: readonly string[];
  readonly list: string | null;
  /** Events in (from, to]; null: all. */
  readonly from: number | null;
  readonly to: number | null;
  readonly zoneMs: number | null;
  readonly dataDir: string | null;
  readonly demo: boolean;
  readonly shared: string | null;
  readonly archive: string | null;
  readonly asOf: number | null;
  /** As a document. */
  readonly markdown: boolean;
  /** A sort into tenths by the metric of the first condition, every so many hours; null: a rule. */
  readonly decilesEveryH: number | null;
}

/** --venue of everything that is stored. */
export const ALL_VENUES = 'all';

export const EVIDENCE_HELP = `Usage: npm run -s perpscope -- evidence --metric NAME --level X [rule] <where from> [flags]

Whether a rule ever paid: its events over stored history, each as a position with price, funding and costs apart, against the same
sides at all other times and against the signal at wrong times. The verdict is one of: too few, paid, lost, not told apart from chance.

The rule:
  --metric NAME            as in metrics --list; settled-rate, funding-z and ema-divergence are the usual ones
  --param NAME=VALUE       one parameter of it; the others have their defaults
  --op outside             above, below, outside (|value|, both sides; the default) or is
  --level X                in the metric's own unit, or p95: the percentile of what the metric was before each period, of its size
                           for outside; several between commas are a search, judged out of sample by year
  --level-days 90          the days that a percentile is taken over
  --k 1                    closed periods in a row
  --release 0.8            share of the level at which it lets go, above 0 and at most 1
  --rule rule.json         instead: { "conditions": [{ "metric", "params", "op", "level", "release" }, ... up to 4], "k": 1 };
                           a level is a number or { "percentile": 95, "days": 90 }

Or a sort of many instruments, instead of a rule:
  --deciles                by --metric into tenths, every --exit (default 8h) at hours that are multiples of it (UTC), each held until
                           the next sort: mean and median of price and funding per tenth, both sides after costs, and the two ends
                           against each other (--side against: the highest sold); with --delay (one), --cost-bp, --from, --to, --seed

Where from, one of:
  --file settlements.csv   as for metrics; more files, each VENUE:SYMBOL=path, are a list. Without prices in it the price leg is not
                           measured, and funding is on the entry's notional
  --venue V --symbol S     the local history; more symbols of the venue by repeating --symbol, or none for all of it, delisted ones
                           included; --venue all for everything; --demo for the demo's
  --list NAME              a list of the local history; it was chosen with hindsight, which the answer says

The trade:
  --events entries         what an alert would have told, one position at a time; every: each period in which the rule holds
  --side against           against the crowd, or with it
  --exit signal-end        when the rule lets go; settlement: at the next one; or a horizon such as 8h, 24h, 7d (default 24h)
  --delay 0h               hours after the close that follows the signal (0h on hourly data: the close of t + 1 h); 0h,1h,8h side by side
  --cost-bp 4              one way, per fill, of the entry's notional (default 5): fee, slippage and half the spread
  --funding next           settlements after the entry; own: from the one that made the signal on, which no person could have had; none
  --size fixed             or compounded: notional from the capital at the entry
  --capital 10000          at the start
  --exposure 1             notional of a position per unit of capital
  --tries 1                rules tried on these data in all, this one and every edit counted (the command remembers none): deflates the
                           Sharpe ratio; further levels of a search are added
  --seed 1                 of the draws and shifts
  --from, --to TIME        events after the one and up to the other
  --zone +08:00            of times in the file that say no zone (default: UTC)
  --as-of TIME             the local history as it was known then
  --data-dir FOLDER        where the local history lives
  --history ADDRESS        a desk's history in PostgreSQL instead, as postgres://reader@host/database (docs/desk.md);
                           --archive PLACE where its old months lie
  --json                   everything, with every event; means in bp of the entry's notional
  --fields A,B             only these of it, such as verdict,n,mean; means --json
  --markdown               the whole as a document
  --help                   this text

Example, instruments by their funding per hour:
  npm run -s perpscope -- evidence --deciles --metric funding --venue binance --exit 8h --cost-bp 5

Example, a published study of carry: enter beyond 0.05 % per 8 h, leave below 0.025 %, 2.7 times the capital, 10 bp a fill:
  npm run -s perpscope -- evidence --file btcusdt-8h.csv --metric settled-rate --op outside --level 0.0005 --release 0.5 \\
    --exit signal-end --cost-bp 10 --size compounded --exposure 2.7

${EXIT_HELP}`;

const options = {
  metric: { type: 'string' },
  param: { type: 'string', multiple: true },
  op: { type: 'string' },
  level: { type: 'string' },
  'level-days': { type: 'string' },
  k: { type: 'string' },
  release: { type: 'string' },
  rule: { type: 'string' },
  file: { type: 'string', multiple: true },
  venue: { type: 'string' },
  symbol: { type: 'string', multiple: true },
  list: { type: 'string' },
  events: { type: 'string' },
  side: { type: 'string' },
  exit: { type: 'string' },
  delay: { type: 'string' },
  'cost-bp': { type: 'string' },
  funding: { type: 'string' },
  size: { type: 'string' },
  capital: { type: 'string' },
  exposure: { type: 'string' },
  tries: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  zone: { type: 'string' },
  'as-of': { type: 'string' },
  ...PLACE_FLAGS,
  markdown: { type: 'boolean' },
  deciles: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseFlags<typeof options>>;

/** Throws UsageError that names what exists. */
export function readEvidenceArgs(args: readonly string[]): EvidenceRequest {
  const values = parseFlags(args, options);
  const files = (values.file ?? []).map(fileOf);
  const { venue = null, list = null, symbol: symbols = [] } = values;
  const isStored = list !== null || venue !== null;
  if (files.length === 0 && !isStored)
    throw new UsageError('Say where the history comes from: --file settlements.csv, --venue and --symbol of the local history, or --list.');
  if (
    files.length > 0 &&
    (list !== null ||
      values.demo ||
      values['data-dir'] !== undefined ||
      values.history !== undefined ||
      values['as-of'] !== undefined ||
      symbols.length > 1)
  )
    throw new UsageError(
      '--list, --demo, --data-dir, --history, --as-of and more than one --symbol are of the local history: leave them out together with --file.',
    );
  if (list !== null && venue !== null) throw new UsageError('--list names its instruments itself: leave --venue and --symbol out.');
  const decilesEveryH = values.deciles === true ? everyOf(values) : null;
  const rule = decilesEveryH !== null ? sortedBy(values) : values.rule === undefined ? ruleOf(values) : ruleOfFile(values.rule, values);
  const { levels, k } = rule;
  const delaysH = (values.delay ?? '0h').split(',').map((text) => hoursOf('--delay', text, 0));
  return {
    levels,
    k,
    terms: termsOf(values, delaysH[0] ?? 0),
    delaysH,
    files,
    venue,
    symbols,
    list,
    from: timeOf('--from', values.from),
    to: timeOf('--to', values.to),
    zoneMs: zoneOf(values.zone, files.length > 0),
    ...placeFrom(values, list !== null),
    asOf: timeOf('--as-of', values['as-of']),
    markdown: values.markdown ?? false,
    decilesEveryH,
  };
}

const OF_A_RULE = [
  'op',
  'level',
  'level-days',
  'k',
  'release',
  'rule',
  'events',
  'funding',
  'size',
  'capital',
  'exposure',
  'tries',
] as const;

/** How often a sort is made, which is how long it is held. */
function everyOf(values: Values): number {
  const other = OF_A_RULE.find((flag) => values[flag] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} is of a rule: leave it out together with --deciles.`);
  if (values.delay?.includes(',')) throw new UsageError('--delay of --deciles is one.');
  const exit = exitOf(values.exit ?? '8h');
  if (exit.on === 'horizon') return exit.hours;
  throw new UsageError('--exit of --deciles is hours or days, such as 8h: each tenth is held until the next sort.');
}

/** What is sorted by stands as a condition without a level, so that its rows are read alike. */
function sortedBy(values: Values): Pick<EvidenceRequest, 'levels' | 'k'> {
  const metric = metricOf(values.metric);
  if (metric.unit === 'label') throw new UsageError(`--metric ${metric.name} is a word: words have no order.`);
  const params = paramsOf(metric, values.param ?? []);
  return { levels: [{ level: NaN, conditions: [{ metric, params, op: 'above', level: NaN, release: REARM }] }], k: 1 };
}

function ruleOf(values: Values): Pick<EvidenceRequest, 'levels' | 'k'> {
  const metric = metricOf(values.metric);
  const params = paramsOf(metric, values.param ?? []);
  const op = oneOf('--op', values.op ?? 'outside', RULE_OPS);
  const release = numberOf('--release', values.release ?? String(REARM), { above: 0, most: 1 });
  if (values.level === undefined)
    throw new UsageError(`--level is missing: a number in the unit of ${metric.name}, which is ${metric.unit}.`);
  const days = numberOf('--level-days', values['level-days'] ?? String(LEVEL_DAYS), { least: 1, most: 3660, whole: true });
  const asked = values.level.split(',').map((text) => levelOf(text, op, days));
  if (new Set(asked.map(levelText)).size < asked.length) throw new UsageError('--level names a level twice.');
  if (values['level-days'] !== undefined && !asked.some(isMoving))
    throw new UsageError('--level-days is of a percentile: write --level p95, or leave it out.');
  return {
    levels: asked.map((level) => ({ level, conditions: [{ metric, params, op, level, release }] })),
    k: numberOf('--k', values.k ?? '1', { least: 1, most: 240, whole: true }),
  };
}

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,3})?)$/u;

function levelOf(text: string, op: RuleOp, days: number): Level {
  const [, digits] = PERCENTILE.exec(text) ?? [];
  if (digits === undefined) return numberOf('--level', text, op === 'outside' ? { above: 0 } : {});
  const percentile = Number(digits);
  if (op === 'is') throw new UsageError('--level of --op is is the number of a word: words have no percentiles.');
  if (!(percentile > 0)) throw new UsageError(`--level ${text} is no percentile: p1 to p99.999, such as p95.`);
  return { percentile, days };
}

const RULE_FLAGS = ['metric', 'param', 'op', 'level', 'level-days', 'k', 'release'] as const;

const ruleFile = z.strictObject({
  conditions: z
    .array(
      z.strictObject({
        metric: z.string(),
        params: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
        op: alertCondition.shape.op.default('outside'),
        level: studyLevel,
        release: z.number().gt(0).max(1).default(REARM),
      }),
    )
    .min(1)
    .max(4),
  k: z.int().min(1).max(240).default(1),
});

function ruleOfFile(path: string, values: Values): Pick<EvidenceRequest, 'levels' | 'k'> {
  const twice = RULE_FLAGS.find((flag) => values[flag] !== undefined);
  if (twice !== undefined) throw new UsageError(`--rule says the whole rule: leave --${twice} out.`);
  const read = ruleFile.safeParse(jsonOf(path));
  if (!read.success) {
    const [fault] = read.error.issues;
    throw new UsageError(
      `${path}: ${fault?.path.join('.') ?? ''}: ${fault?.message ?? 'is no rule'}. evidence --help shows how a rule is written.`,
    );
  }
  const conditions = read.data.conditions.map(({ metric: name, params: given, op, level, release }, i): StudiedCondition => {
    const metric = metricOf(name);
    if (op === 'is' && isMoving(level)) throw new UsageError(`${path}: conditions.${i}.level: words have no percentiles.`);
    if (op === 'outside' && !isMoving(level) && !(level > 0))
      throw new UsageError(`${path}: conditions.${i}.level counts on both sides and must be above 0, not ${level}.`);
    return {
      metric,
      params: paramsOf(
        metric,
        Object.entries(given).map(([param, value]) => `${param}=${value}`),
      ),
      op,
      level,
      release,
    };
  });
  return { levels: [{ level: conditions[0]?.level ?? NaN, conditions }], k: read.data.k };
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function termsOf(values: Values, delayH: number): StudyTerms {
  return {
    events: oneOf('--events', values.events ?? 'entries', ['entries', 'every']),
    side: oneOf('--side', values.side ?? 'against', ['against', 'with']),
    exit: exitOf(values.exit ?? '24h'),
    delayH,
    costBp: numberOf('--cost-bp', values['cost-bp'] ?? '5', { least: 0, most: 1000 }),
    funding: oneOf('--funding', values.funding ?? 'next', ['next', 'own', 'none']),
    seed: numberOf('--seed', values.seed ?? '1', { least: 0, most: 2 ** 31 - 1, whole: true }),
    draws: DRAWS,
    shifts: SHIFTS,
    tries: numberOf('--tries', values.tries ?? '1', { least: 1, most: 1e6, whole: true }),
    size: oneOf('--size', values.size ?? 'fixed', ['fixed', 'compounded']),
    capital: numberOf('--capital', values.capital ?? '10000', { above: 0 }),
    exposure: numberOf('--exposure', values.exposure ?? '1', { above: 0, most: 1000 }),
  };
}

function exitOf(text: string): ExitRule {
  if (text === 'settlement' || text === 'signal-end') return { on: text };
  return { on: 'horizon', hours: hoursOf('--exit', text, 1, ' (or settlement, or signal-end)') };
}

const HOURS = /^(\d{1,5})(h|d)$/u;

function hoursOf(flag: string, text: string, least: number, or = ''): number {
  const [, digits, unit] = HOURS.exec(text) ?? [];
  const hours = Number(digits ?? NaN) * (unit === 'd' ? 24 : 1);
  if (hours >= least && hours <= MOST_HOURS) return hours;
  throw new UsageError(`${flag} is whole hours or days from ${least}h to a year, such as 8h or 3d${or}, not "${text}".`);
}

interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly whole?: true;
}

function numberOf(flag: string, text: string, { least = -Infinity, above = -Infinity, most = Infinity, whole }: Bounds): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= least && value > above && value <= most && (!whole || Number.isInteger(value))) return value;
  const from = above > -Infinity ? ` above ${above}` : least > -Infinity ? ` from ${least}` : '';
  const to = most < Infinity ? `${from === '' ? '' : ','} at most ${most}` : '';
  throw new UsageError(`${flag} is a ${whole ? 'whole ' : ''}number${from}${to}, not "${text}".`);
}

function oneOf<const T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`${flag} is one of ${known.join(', ')}, not "${text}".`);
  return found;
}
