import type { CallOutput } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { AnyMetric } from '#domain/metrics/index.ts';
import { plainNumber } from '../../format/metric-text.ts';
import { formatFixed, formatPrice, formatQuantity, intervalText, NONE } from '../../format/numbers.ts';
import { formatTime, zoneName, type Zone } from '../../format/time.ts';

export type Explanation = CallOutput<'metrics.explain'>;
type Window = NonNullable<Explanation['window']>;

/** A value that somebody asks about, and where on the screen. */
export interface Asked {
  readonly instrument: string;
  readonly choice: MetricChoice;
  /** Null: the newest closed one. */
  readonly at: number | null;
  readonly x: number;
  /** The answer hangs from here or, where it does not fit, stands on `above`. */
  readonly y: number;
  readonly above: number;
  /** Asked by key: the answer takes the focus. */
  readonly byKey: boolean;
  /** The running figure that was asked about, where the answer is about the last close before it. */
  readonly running?: string;
}

/** An element as the place of a question: the answer hides it never. */
export function besides(element: Element): Pick<Asked, 'x' | 'y' | 'above'> {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 4, above: box.top - 4 };
}

interface Writer {
  readonly figure: (value: number) => string;
  readonly unit: string;
}
const percent = (unit: string): Writer => ({ figure: (value) => plainNumber(value * 100), unit });

const writers: Readonly<Record<string, Writer>> = {
  f: percent('%/h'),
  rate: percent('%/int'),
  seen60: percent('%/int'),
  seen15: percent('%/int'),
  seen5: percent('%/int'),
  premium: percent('%'),
  mark: { figure: formatPrice, unit: '' },
  index: { figure: formatPrice, unit: '' },
  openInterest: { figure: formatQuantity, unit: '' },
  usd: { figure: formatQuantity, unit: 'USD' },
  intervalH: { figure: intervalText, unit: '' },
};

const names: Readonly<Record<string, string>> = {
  f: 'funding f',
  rate: 'rate',
  seen60: 'seen 60 min before',
  seen15: 'seen 15 min before',
  seen5: 'seen 5 min before',
  openInterest: 'open interest',
  usd: 'open interest',
  intervalH: 'interval',
  settledAt: 'settled at',
};

/** "binance:TAOUSDT f" of a group's member, "mark before" of an earlier row; else a column. */
function partsOf(name: string): { readonly field: string; readonly whose: string | null; readonly isBefore: boolean } {
  const isBefore = name.endsWith(' before');
  const [field = name, whose = null] = (isBefore ? name.slice(0, -' before'.length) : name).split(' ').reverse();
  return { field, whose, isBefore };
}

type Input = Explanation['inputs'][number];

/** "funding f" of the asked instrument, "mark before". */
export function inputName(name: string): string {
  const { field, isBefore } = partsOf(name);
  return `${names[field] ?? field}${isBefore ? ' before' : ''}`;
}

/** A figure and what stands behind it, smaller. */
export function inputText({ name, value }: Input, zone: Zone): { readonly figure: string; readonly unit: string } {
  const { field } = partsOf(name);
  if (value === null) return { figure: NONE, unit: '' };
  if (field === 'settledAt') return { figure: stamp(value, zone), unit: '' };
  const writer = writers[field];
  return { figure: (writer?.figure ?? plainNumber)(value), unit: writer?.unit ?? '' };
}

/** "Bybit TAOUSDT". */
export function instrumentName(id: string, venueName: (id: string) => string): string {
  const [venue = '', ...symbol] = id.split(':');
  return `${venueName(venue)} ${symbol.join(':')}`;
}

export interface InstrumentTable {
  readonly fields: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    /** Whose source and time stand for the row. */
    readonly leading: Input;
    readonly figures: readonly string[];
  }[];
}

/** The inputs of a group, an instrument in each row; null where there is no group. */
export function instrumentTable(inputs: readonly Input[], zone: Zone): InstrumentTable | null {
  const rows = new Map<string, Input[]>();
  for (const input of inputs) {
    const { whose } = partsOf(input.name);
    if (whose === null) return null;
    rows.set(whose, [...(rows.get(whose) ?? []), input]);
  }
  const all = [...rows.values()];
  const [first = []] = all;
  if (first.length === 0) return null;
  const columns = first.map((_, i) =>
    alignedFigures(
      all.flatMap((row) => row[i] ?? []),
      zone,
    ),
  );
  return {
    fields: first.map(({ name }) => fieldHeader(name)),
    rows: all.flatMap((row, r) => {
      const [leading] = row;
      return leading === undefined
        ? []
        : [{ id: partsOf(leading.name).whose ?? leading.name, leading, figures: columns.map((column) => column[r] ?? NONE) }];
    }),
  };
}

/** "f, %/h". */
function fieldHeader(name: string): string {
  const { field } = partsOf(name);
  const unit = writers[field]?.unit ?? '';
  return `${shortNames[field] ?? field}${unit === '' ? '' : `, ${unit}`}`;
}
const shortNames: Readonly<Record<string, string>> = { usd: 'OI' };

/** Figures of one column with as many decimals each, so that their points stand in one line; abbreviated ones as they are. */
export function alignedFigures(inputs: readonly Input[], zone: Zone): string[] {
  const figures = inputs.map((input) => inputText(input, zone).figure);
  const decimalsOf = (figure: string): number => /^[^.]*\d(?:\.(\d+))?$/u.exec(figure)?.[1]?.length ?? 0;
  if (!figures.every((figure) => figure === NONE || /^[\d,.\u2212]+$/u.test(figure))) return figures;
  const most = Math.max(...figures.map(decimalsOf));
  return figures.map((figure) => {
    const decimals = decimalsOf(figure);
    if (figure === NONE || decimals === most) return figure;
    return `${figure}${decimals === 0 ? '.' : ''}${'0'.repeat(most - decimals)}`;
  });
}

/** "Fri 20 Nov 2026 14:00 UTC". */
export const stamp = (t: number, zone: Zone): string => `${formatTime(t, 'full', zone)} ${zoneName(zone, t)}`;

/** "21 Nov 15:00": a time of the same year as `near` needs no year. */
export const shortStamp = (t: number, near: number, zone: Zone): string =>
  Math.abs(t - near) > 180 * 86_400_000
    ? formatTime(t, 'full', zone).replace(/^\S+ /u, '')
    : `${formatTime(t, 'day', zone)} ${formatTime(t, 'minute', zone)}`;

/** "coveredHours" reads "covered hours"; "dMark" is a symbol of the formula. */
export const partName = (name: string): string => (/^[a-z][A-Z]/u.test(name) ? name : name.replace(/[A-Z]/gu, ' $&').toLowerCase());

export interface Line {
  readonly label: string;
  readonly text: string;
}

/** What the window held, line by line. */
export function windowLines(
  answer: Pick<Explanation, 'time' | 'window' | 'instruments'>,
  metric: AnyMetric | undefined,
  zone: Zone,
): Line[] {
  const { time, window, instruments } = answer;
  const lines: Line[] = [];
  if (instruments) lines.push({ label: 'Instruments', text: `${instruments.n} of ${instruments.of} used` });
  if (window === null) return lines;
  const rows = metric?.on === 'settlement' ? 'settlements' : metric?.on === 'bar' ? 'bars' : 'hours';
  lines.push({ label: 'Used', text: usedText(window, rows) });
  const { first, last } = window;
  if (first !== null && last !== null) {
    lines.push({
      label: 'First, last',
      text: `${shortStamp(first, time, zone)} to ${shortStamp(last, time, zone)} ${zoneName(zone, last)}`,
    });
  }
  const gaps = gapsText(window, rows);
  if (gaps !== null) {
    const latest = window.latestGap === null ? '' : `, the latest ${shortStamp(window.latestGap, time, zone)}`;
    lines.push({ label: 'Gaps', text: gaps + latest });
  }
  const sources = sourcesText(window);
  if (sources !== '') lines.push({ label: 'Sources', text: sources });
  return lines;
}

function usedText({ n, possible, need, coveredH }: Window, rows: string): string {
  const used = `${formatFixed(n, 0)}${possible > n ? ` of ${formatFixed(possible, 0)}` : ''} ${rows}`;
  if (coveredH !== null) return `${used}, ${formatFixed(coveredH, 0)} h covered, ${formatFixed(need, 0)} h needed`;
  return need > 1 ? `${used}, ${formatFixed(need, 0)} needed` : used;
}

/** Null where nobody has counted. */
function gapsText({ gaps, missing }: Window, rows: string): string | null {
  const without = gaps === 0 ? [] : [`${formatFixed(gaps, 0)} ${gaps === 1 ? rows.slice(0, -1) : rows} without data`];
  if (missing === null) return without[0] ?? null;
  const absent = missing === 0 ? [] : [`${formatFixed(missing, 0)} ${missing === 1 ? 'settlement' : 'settlements'} missing`];
  return [...without, ...absent].join(', ') || 'none';
}

/** Only where the rows of one input came from more than one. */
function sourcesText({ sources }: Window): string {
  return [...new Set(sources.map(({ name }) => name))]
    .map((name) => ({ name, of: sources.filter((each) => each.name === name) }))
    .filter(({ of }) => of.length > 1)
    .map(({ name, of }) => `${names[name] ?? name} ${of.map(({ source, n }) => `${formatFixed(n, 0)} ${source}`).join(', ')}`)
    .join('; ');
}

/** "sigma 0.0146 is above its floor of 0.000001". */
export function floorText({ name, value, floor, applied }: Explanation['floors'][number]): string {
  const where = value < floor ? 'below' : 'above';
  return `${name} ${plainNumber(Number(value.toPrecision(7)))} is ${where} its floor of ${plainNumber(floor)}${applied ? ': no value' : ''}`;
}

/** What a value is called beside its figure: a label's figure is its own word already. */
export const wordBeside = ({ labels }: AnyMetric, word: string, figure: string): string =>
  labels !== undefined && word.startsWith(figure) ? word.slice(figure.length).replace(/^, /u, '') : word;
