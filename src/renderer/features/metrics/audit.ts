import type { CallOutput } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { AnyMetric } from '#domain/metrics/index.ts';
import { plainNumber } from '../../format/metric-text.ts';
import { formatFixed, formatPrice, formatQuantity, intervalText, NONE } from '../../format/numbers.ts';
import { formatTime, zoneName, type Zone } from '../../format/time.ts';

export type Explanation = CallOutput<'metrics.explain'>;

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

const percent = (value: number): string => `${plainNumber(value * 100)} %`;

const writers: Readonly<Record<string, (value: number) => string>> = {
  f: (value) => `${percent(value)}/h`,
  rate: (value) => `${percent(value)}/int`,
  seen60: (value) => `${percent(value)}/int`,
  seen15: (value) => `${percent(value)}/int`,
  seen5: (value) => `${percent(value)}/int`,
  premium: percent,
  mark: formatPrice,
  index: formatPrice,
  openInterest: formatQuantity,
  usd: (value) => `${formatQuantity(value)} USD`,
  intervalH: intervalText,
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

/** "funding f" of the asked instrument; "binance:TAOUSDT f" of a group's member keeps whose it is. */
export function inputName(name: string, venueName: (id: string) => string): string {
  const [field = name, whose] = name.split(' ').reverse();
  if (whose === undefined) return names[field] ?? field;
  const [venue = '', ...symbol] = whose.split(':');
  return `${venueName(venue)} ${symbol.join(':')} ${field === 'f' ? 'f' : (names[field] ?? field)}`;
}

export function inputText({ name, value }: Explanation['inputs'][number], zone: Zone): string {
  const field = name.split(' ').at(-1) ?? name;
  if (value === null) return NONE;
  if (field === 'settledAt') return stamp(value, zone);
  return writers[field]?.(value) ?? plainNumber(value);
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

export function windowText(
  window: NonNullable<Explanation['window']>,
  metric: AnyMetric | undefined,
  params: Explanation['params'],
  zone: Zone,
): string {
  const what = metric?.on === 'settlement' ? 'settlements' : metric?.on === 'bar' ? 'bars' : 'hours';
  const gaps = window.gaps === 0 ? 'no gaps' : `${formatFixed(window.gaps, 0)} ${what} without data`;
  const ofHours = metric?.window(params)?.needOf === 'hours';
  return `${formatFixed(window.n, 0)} values used, ${formatFixed(window.need, 0)}${ofHours ? ' h of history' : ''} needed; ${gaps}; after ${formatTime(window.from, 'minute', zone)} ${formatTime(window.from, 'day', zone)} up to ${formatTime(window.to, 'minute', zone)} ${formatTime(window.to, 'day', zone)} ${zoneName(zone, window.to)}`;
}
