import type { WatchRow } from '#bridge/contract.ts';
import { usdPar } from '#domain/amounts.ts';
import { coinOf, moneyOf } from '#domain/instrument.ts';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import { type FieldKind, type FilteredRow, type Filter, isExpression, parseFilter, passes, type FilterFault } from '#domain/row-filter.ts';
import { lastClose, lastRate } from '../../format/last.ts';
import { isPercent } from '../../format/metric-text.ts';
import { ratePercent } from '../../format/numbers.ts';
import { signalSentence } from '../../format/words.ts';
import { type CellContext, type Column, volumeUsd } from './columns.ts';
import { type Entry, matches, OLD_MS, searchText } from './order.ts';

interface Field {
  /** The first is the one that is said. */
  readonly names: readonly string[];
  readonly kind: FieldKind;
  /** As the screen shows it; NaN where it is not known. */
  readonly number?: (row: WatchRow, context: CellContext) => number;
  readonly words?: (row: WatchRow, context: CellContext) => readonly string[];
  /** When its value was observed; left out: it does not grow old. */
  readonly observedAt?: (row: WatchRow) => number | null;
}

const figure = (x: number | null | undefined): number => x ?? Number.NaN;
const ofRow = ({ observedAt }: WatchRow): number | null => observedAt;
const rate = (names: readonly string[], perHour: (row: WatchRow) => number | null): Field => ({
  ...{ names, kind: 'percent', observedAt: ofRow },
  number: (row, { unit }) => figure(ratePercent(perHour(row), row.intervalH, unit)),
});
const seconds = (ms: number | null): number => figure(ms) / 1000;

/** What every row says, whether it is a column or not. */
const OF_ROWS: readonly Field[] = [
  { names: ['asset', 'coin'], kind: 'text', words: ({ instrument }) => [instrument.asset, ...instrument.aliases, coinOf(instrument)] },
  { names: ['venue'], kind: 'text', words: ({ instrument }, { venueName }) => [instrument.venue, venueName(instrument.venue)] },
  { names: ['symbol'], kind: 'text', words: ({ instrument }) => [instrument.symbol] },
  { names: ['quote'], kind: 'text', words: ({ instrument }) => [moneyOf(instrument)] },
  { names: ['settle'], kind: 'text', words: ({ instrument }) => [instrument.settle] },
  { names: ['class'], kind: 'text', words: ({ instrument }) => (instrument.assetClass === null ? [] : [instrument.assetClass]) },
  rate(['rate', 'funding'], lastRate),
  rate(['ema'], ({ ema }) => ema),
  rate(['d', 'divergence'], (row) => row.d ?? lastClose(row)?.d ?? null),
  {
    names: ['signal'],
    kind: 'text',
    words: (row, { zone, unit }) => [row.signal.phase, ...(row.signal.side === 0 ? [] : [signalSentence(row, zone, unit)])],
  },
  { names: ['int', 'interval'], kind: 'hours', number: ({ intervalH }) => figure(intervalH) },
  { names: ['next'], kind: 'time', number: ({ nextFundingAt }, { now }) => seconds(nextFundingAt === null ? null : nextFundingAt - now) },
  { names: ['age'], kind: 'time', number: ({ observedAt }, { now }) => seconds(observedAt === null ? null : now - observedAt) },
  { names: ['mark'], kind: 'number', number: ({ mark }) => figure(mark), observedAt: ofRow },
  { names: ['index'], kind: 'number', number: ({ index }) => figure(index), observedAt: ofRow },
  {
    names: ['oi', 'open-interest'],
    kind: 'money',
    number: ({ instrument, openInterest, mark }) =>
      usdPar(moneyOf(instrument)) === null ? Number.NaN : figure(openInterest) * figure(mark),
    observedAt: (row) => row.openInterestAt ?? row.observedAt,
  },
  { names: ['volume', 'vol'], kind: 'money', number: volumeUsd, observedAt: ofRow },
];

const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  'funding-rank': ['percentile', 'pctl'],
  'price-change': ['change', 'chg'],
  'open-interest-change': ['oi-change', 'oi-chg'],
  'funding-z': ['z'],
};
const kebab = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '');

/** As its column shows it. */
const METRIC_KINDS: Partial<Record<AnyMetric['unit'], FieldKind>> = { hours: 'hours', money: 'money', label: 'text' };

function ofColumn({ metric: chosen, sort, text, observedAt = ofRow, choice }: Column, row: WatchRow | null): Field | null {
  const name = chosen === undefined || row === null ? undefined : choice?.(row).metric;
  const metric = name === undefined ? undefined : findMetric(name);
  if (chosen === undefined || metric === undefined) return null;
  const own = [metric.name, kebab(metric.title), ...(SHORT_NAMES[metric.name] ?? [])];
  const names = [...own, ...own.map((one) => `${one}-${kebab(chosen.params)}`)];
  const kind = METRIC_KINDS[metric.unit] ?? (isPercent(metric) && metric.unit !== 'percent-rank' ? 'percent' : 'number');
  if (kind === 'text') return { names, kind, words: (one, context) => [text(one, context)] };
  const factor = isPercent(metric) ? 100 : 1;
  const number = (one: WatchRow, { unit }: CellContext): number => {
    const value = Number(sort(one));
    return metric.unit === 'rate-per-hour' ? figure(ratePercent(value, one.intervalH, unit)) : value * factor;
  };
  return { names, kind, number, observedAt };
}

/** What the columns of a list are called in a filter; of two that share a name the first one has it. */
export function fieldsOf(columns: readonly Column[], row: WatchRow | null): ReadonlyMap<string, Field & { readonly key: string }> {
  const fields = new Map<string, Field & { readonly key: string }>();
  for (const field of [...OF_ROWS, ...columns.flatMap((column) => ofColumn(column, row) ?? [])]) {
    const free = field.names.filter((name) => !fields.has(name));
    for (const name of free) fields.set(name, { ...field, key: free[0] ?? name });
  }
  return fields;
}

/** What is typed into the field: words, columns compared, or what cannot be read. */
export interface Query {
  readonly text: string;
  readonly filter: Filter | null;
  readonly fault: FilterFault | null;
  readonly fields: ReturnType<typeof fieldsOf>;
  /** It asks of ages: its rows are others every second. */
  readonly isOfTime: boolean;
}

export function queryOf(text: string, columns: readonly Column[], row: WatchRow | null): Query {
  const fields = fieldsOf(columns, row);
  const isOfTime = isExpression(text) && /\b(?:age|next)\b/iu.test(text);
  return { text, fields, isOfTime, ...(isExpression(text) ? parseFilter(text, fields) : { filter: null, fault: null }) };
}

export interface Found {
  readonly entries: readonly Entry[];
  /** Rows of which it cannot be told: what the filter asks for is not known of them, or is older than 30 minutes. */
  readonly open: number;
}

/** The rows that the query asks for; all of them while it cannot be read. */
export function found(entries: readonly Entry[], query: Query, contextOf: (id: string) => CellContext): Found {
  const { text, filter, fault, fields } = query;
  if (fault !== null || text.trim() === '') return { entries, open: 0 };
  if (filter === null) return { entries: entries.filter((entry) => matches(entry, text, contextOf(entry.id).venueName)), open: 0 };
  let open = 0;
  const passing = entries.filter(({ id, row }) => {
    if (row === null) return false;
    const passed = passes(filter, asked(row, contextOf(id), fields));
    if (passed === null) open += 1;
    return passed === true;
  });
  return { entries: passing, open };
}

function asked(row: WatchRow, context: CellContext, fields: Query['fields']): FilteredRow {
  return {
    text: searchText(row, context.venueName),
    number(key) {
      const { number, observedAt } = fields.get(key) ?? {};
      const at = observedAt?.(row) ?? null;
      if (at !== null && context.now - at > OLD_MS) return Number.NaN;
      return number?.(row, context) ?? Number.NaN;
    },
    words: (key) => (fields.get(key)?.words?.(row, context) ?? []).map((word) => word.toLowerCase()),
  };
}

/** "12 left out by the filter: what it asks for is not known of them, or older than 30 min"; null where it could be told of all. */
export const openWords = ({ open }: Found): string | null =>
  open === 0 ? null : `${open} left out by the filter: without a value, or one older than 30 min`;
