import type { CallOutput } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { AnyMetric } from '#domain/metrics/index.ts';
import { inUnit } from '#domain/units.ts';
import { isPercent, metricFactor, metricHeader, plainNumber } from '../../format/metric-text.ts';
import { NONE, type Scale } from '../../format/numbers.ts';
import { formatTime, zoneName, type Zone } from '../../format/time.ts';

export type Explanation = CallOutput<'metrics.explain'>;

/** A value that the person asks about, and where on the screen. */
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

/** "Fri 20 Nov 2026 14:00 UTC". */
export const stamp = (t: number, zone: Zone): string => `${formatTime(t, 'full', zone)} ${zoneName(zone, t)}`;

/** "21 Nov 15:00": a time of the same year as `near` needs no year. */
export const shortStamp = (t: number, near: number, zone: Zone): string =>
  Math.abs(t - near) > 180 * 86_400_000
    ? formatTime(t, 'full', zone).replace(/^\S+ /u, '')
    : `${formatTime(t, 'day', zone)} ${formatTime(t, 'minute', zone)}`;

/** "coveredHours" reads "covered hours", "elapsedH" "elapsed, h"; "dMark" is a symbol of the formula. */
export const partName = (name: string): string =>
  /^[a-z][A-Z]/u.test(name)
    ? name
    : name
        .replace(/H$/u, ',h')
        .replace(/Usd$/u, ',USD')
        .replace(/[A-Z]+/gu, (part) => (part === 'USD' ? part : ` ${part.toLowerCase()}`))
        .replace(',', ', ');

const rateFactor = ({ unit, intervalH }: Scale): number => inUnit(1, intervalH ?? Number.NaN, unit) * 100;

/** "exactly 0.00515 %/8h, kept as 0.00064375 % per hour": every digit, in the unit of the screen and, where that is another one, as it is kept. */
export function exactText(metric: AnyMetric, value: number, scale: Scale): string {
  const text = plainNumber(value * metricFactor(metric, rateFactor(scale)));
  if (!isPercent(metric)) return `exactly ${text}`;
  const kept = metric.unit === 'rate-per-hour' && scale.unit !== '1h' ? `, kept as ${plainNumber(value * 100)} % per hour` : '';
  return `exactly ${text} ${metricHeader(metric, scale.unit)}${kept}`;
}

/** Parts of a rate per hour that are rates per hour themselves. */
const RATE_PARTS: ReadonlySet<string> = new Set(['f', 'average', 'high', 'low', 'd', 'median', 'spread', 'mean', 'sd']);

/** A part of the formula with seven digits; a rate in the unit of the figure above it. */
export function partText(metric: AnyMetric | undefined, name: string, value: number | null, scale: Scale): string {
  if (value === null) return NONE;
  const seven = (part: number): string => plainNumber(Number(part.toPrecision(7)));
  if (metric?.unit !== 'rate-per-hour' || !RATE_PARTS.has(name)) return seven(value);
  return `${seven(value * rateFactor(scale))} ${metricHeader(metric, scale.unit)}`;
}

/** "sigma 0.0146 is above its floor of 0.000001". */
export function floorText({ name, value, floor, applied }: Explanation['floors'][number]): string {
  const where = value < floor ? 'below' : 'above';
  return `${name} ${plainNumber(Number(value.toPrecision(7)))} is ${where} its floor of ${plainNumber(floor)}${applied ? ': no value' : ''}`;
}

/** What a value is called beside its figure: a label's figure is its own word already. */
export const wordBeside = ({ labels }: AnyMetric, word: string, figure: string): string =>
  labels !== undefined && word.startsWith(figure) ? word.slice(figure.length).replace(/^, /u, '') : word;

/** Whose value it is: an instrument's, an asset's or the list's. */
export function subjectOf(metric: AnyMetric | undefined, asset: string, instrument: string): string {
  if (metric === undefined || metric.ofLeg === true) return instrument;
  return metric.on === 'asset' ? asset : metric.on === 'basket' ? 'The list' : instrument;
}
