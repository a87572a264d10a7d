import { METRICS, findMetric } from '#domain/metrics/index.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams, type Params } from '#domain/metrics/params.ts';
import { readTime } from '#domain/typed-time.ts';
import { offsetOf } from '#domain/import/cells.ts';
import { EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { PLACE_FLAGS, placeFrom } from './place.ts';
import { near, UsageError } from './usage.ts';

/** A file of settlements and whose they are. */
export interface FileOf {
  readonly path: string;
  readonly id: string | null;
}

export interface MetricRequest {
  readonly metric: Metric;
  readonly params: Params;
  readonly files: readonly FileOf[];
  readonly venue: string | null;
  readonly symbol: string | null;
  /** Instruments beside the one that is asked about, for a metric of a list. */
  readonly among: readonly string[];
  /** Rows in (from, to]; null: all. */
  readonly from: number | null;
  readonly to: number | null;
  /** Ms east of UTC of a file's times that say no zone; null: not said. */
  readonly zoneMs: number | null;
  readonly dataDir: string | null;
  readonly demo: boolean;
  readonly shared: string | null;
  readonly archive: string | null;
  /** Instead of rows: what the value at this time came from. */
  readonly explainAt: number | null;
  /** Instead of rows: how well settlements were foretold. */
  readonly record: boolean;
  /** What the local history had learnt by then; null: all. */
  readonly asOf: number | null;
}

export const METRICS_HELP = `Usage: npm run -s perpscope -- metrics --metric NAME [--param n=12]... <where from> [flags]
       npm run -s perpscope -- metrics --list [--json]

Where from, one of:
  --file settlements.csv   columns by name in the first line: ts_ms, rate, interval_h, mark_price, index_price, open_interest, or
                           as exchanges call them (calc_time, Funding Rate, ...); all but the first two may be missing.
                           --symbol picks one where a column names several instruments. A row without a rate is prices and open interest between settlements; a premium
                           stands until the next look at prices, at most an hour. --venue names the venue whose terms hold. For a metric of
                           several instruments give more files: --file binance:BTCUSDT=a.csv --file bybit:BTCUSDT=b.csv; the first is the one asked about.
  --venue V --symbol S     the local history, also beside a running app; --demo for the demo's

  --metric NAME            which metric; --list prints every metric with its unit and parameters
  --param NAME=VALUE       one parameter; the others have their defaults
  --from, --to TIME        rows after the one and up to the other: milliseconds since 1970 or 2026-01-31T08:00Z
  --zone +08:00            of times in the file that say no zone (default: UTC); west of it with =: --zone=-05:00
  --with VENUE:SYMBOL      one more instrument of the list, for a metric of a list of the local history
  --explain TIME           instead of rows: what the value at or before that time came from, as JSON
  --record                 with --metric forecast, instead of rows: how well the forecast, the venue's running rate, no change and the mean of the
                           last day foretold the settlements, 60, 15 and 5 minutes and one interval before; its sentence stands beside every forecast
  --as-of TIME             the local history as it was known then: a settlement that came later is not in it, nor a later correction;
                           where what was known then has been deleted since, it says "thinned"
  --data-dir FOLDER        where the local history lives (default: your user's data folder)
  --history ADDRESS        a desk's history in PostgreSQL instead, as postgres://reader@host/database (docs/desk.md);
                           --archive PLACE where its old months lie
  --json                   "data" is [{ "time", "value", "reason" }], value null where there is a reason, with "word" where it has a name;
                           "notes" say how the rows were read
  --fields A,B             only these of each row; means --json
  --help                   this text

Example: npm run -s perpscope -- metrics --file settlements.csv --metric ema-divergence --param n=12 --fields time,value

${EXIT_HELP}`;

const options = {
  metric: { type: 'string' },
  param: { type: 'string', multiple: true },
  file: { type: 'string', multiple: true },
  venue: { type: 'string' },
  symbol: { type: 'string' },
  with: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  zone: { type: 'string' },
  ...PLACE_FLAGS,
  explain: { type: 'string' },
  record: { type: 'boolean' },
  'as-of': { type: 'string' },
  list: { type: 'boolean' },
} as const;

export type MetricArgs = { readonly show: 'list' } | ({ readonly show: 'rows' } & MetricRequest);

/** Throws UsageError that names what exists. */
export function readMetricArgs(args: readonly string[]): MetricArgs {
  const values = parseFlags(args, options);
  if (values.list) return { show: 'list' };
  const metric = metricOf(values.metric);
  const files = (values.file ?? []).map(fileOf);
  const { venue = null, symbol = null } = values;
  if (files.length === 0 && (venue === null || symbol === null)) {
    throw new UsageError('Say where the rows come from: --file settlements.csv, or --venue and --symbol of the local history.');
  }
  if (
    files.length > 0 &&
    (values.demo ||
      values['data-dir'] !== undefined ||
      values.history !== undefined ||
      values.with !== undefined ||
      values['as-of'] !== undefined)
  ) {
    throw new UsageError(
      '--demo, --data-dir, --history, --with and --as-of are of the local history: leave them out together with --file.',
    );
  }
  return {
    show: 'rows',
    metric,
    params: paramsOf(metric, values.param ?? []),
    files,
    venue,
    symbol,
    among: values.with ?? [],
    from: timeOf('--from', values.from),
    to: timeOf('--to', values.to),
    zoneMs: zoneOf(values.zone, files.length > 0),
    ...placeFrom(values),
    explainAt: timeOf('--explain', values.explain),
    record: recordOf(metric, values.record),
    asOf: timeOf('--as-of', values['as-of']),
  };
}

function recordOf({ foretells }: Metric, record = false): boolean {
  if (record && foretells !== true) throw new UsageError('--record is of a metric that foretells settlements: --metric forecast.');
  return record;
}

export function metricOf(name: string | undefined): Metric {
  const names = METRICS.map((one) => one.name);
  if (name === undefined) throw new UsageError(`--metric is missing. There are ${names.join(', ')}.`);
  const found = findMetric(name);
  if (found !== undefined) return found;
  const alike = near(name, names);
  const meant = alike.length > 0 ? ` Did you mean ${alike.join(', ')}?` : '';
  throw new UsageError(`There is no metric "${name}".${meant} There are ${names.join(', ')}.`);
}

export function paramsOf(metric: Metric, given: readonly string[]): Params {
  const pairs = given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--param is written NAME=VALUE (${Object.keys(metric.params)[0] ?? 'n'}=12), not "${text}".`);
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`${metric.name}: ${twice} is given twice.`);
  try {
    return resolveParams(metric.params, Object.fromEntries(pairs));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${metric.name}: ${error.message}.`);
    throw error;
  }
}

/** A path, or venue:symbol=path. */
export function fileOf(text: string): FileOf {
  const named = /^([a-z0-9-]+:[^=/\\]+)=(.+)$/u.exec(text);
  return named ? { id: named[1] ?? null, path: named[2] ?? '' } : { id: null, path: text };
}

export function zoneOf(text: string | undefined, hasFiles: boolean): number | null {
  if (text === undefined) return null;
  if (!hasFiles) throw new UsageError('--zone is of the times in a file: the local history is in UTC.');
  const ms = offsetOf(text);
  if (Number.isNaN(ms)) throw new UsageError(`--zone is UTC or hours and minutes from it, such as +08:00, not "${text}".`);
  return ms;
}

/** Milliseconds, a time with its zone, or a day, whose start in UTC is meant. */
export function timeOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = readTime(text, { day: true });
  if (typeof ms === 'number') return ms;
  throw new UsageError(`${flag} is milliseconds since 1970 or a time like 2026-01-31T08:00Z. ${ms.wrong} ${ms.right}`.trim());
}
