import { inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import { notation, written } from './notation.ts';

/** A true minus sign is as wide as the plus; a hyphen is not. */
const MINUS = '\u2212';
/** What stands where there is no value; the reason goes beside it. */
export const NONE = '\u2013';

/** `decimals` digits after the point, never "-0.00"; `sign` also writes the plus. */
export function formatFixed(value: number, decimals: number, sign = false): string {
  const text = Math.abs(value).toFixed(decimals);
  const isZero = Number(text) === 0;
  const whole = written(text);
  if (isZero) return whole;
  if (value < 0) return MINUS + whole;
  return sign ? `+${whole}` : whole;
}

const decimalsOf: Record<RateUnit, number> = { interval: 4, '1h': 5, '8h': 4, day: 3, apr: 2 };
export const rateDecimals = (unit: RateUnit): number => decimalsOf[unit];

/** Percent in `unit` of a rate per hour; null where the unit needs an interval that is not known. */
export function ratePercent(perHour: number | null, intervalH: number | null, unit: RateUnit): number | null {
  if (perHour === null || !Number.isFinite(perHour)) return null;
  const percent = inUnit(perHour, intervalH ?? Number.NaN, unit) * 100;
  return Number.isNaN(percent) ? null : percent;
}

/** The figure alone, signed, in percent: its unit stands in the header. */
export function formatRate(perHour: number | null, intervalH: number | null, unit: RateUnit): string {
  const percent = ratePercent(perHour, intervalH, unit);
  return percent === null ? NONE : formatFixed(percent, shownDecimals(percent, unit, intervalH), true);
}

/**
 * Annual rates of hundreds of percent need no hundredths, and with them they would not fit their column; a rate of an hour or two
 * is so small that four decimals would round 0.00125 to 0.0013.
 */
export function shownDecimals(percent: number, unit: RateUnit, intervalH: number | null): number {
  const size = Math.abs(percent);
  if (unit === 'interval' && intervalH !== null && intervalH <= 2) return rateDecimals('1h');
  return unit === 'apr' && size >= 99.995 ? (size >= 999.95 ? 0 : 1) : rateDecimals(unit);
}

const names: Record<RateUnit, string> = { interval: 'interval', '1h': '1h', '8h': '8h', day: 'day', apr: 'APR' };
export const unitName = (unit: RateUnit): string => names[unit];

/** "per 4h", "a year (simple)": how a figure in `unit` reads in a sentence. */
export function perUnit(unit: RateUnit, intervalH: number | null): string {
  if (unit === 'apr') return 'a year';
  if (unit === 'interval') return intervalH === null ? 'per interval' : `per ${intervalText(intervalH)}`;
  return `per ${names[unit]}`;
}

export { unitHeader };

export const intervalText = (hours: number | null): string => (hours === null || Number.isNaN(hours) ? NONE : `${formatShort(hours)}h`);

const formatShort = (value: number): string => written(String(Math.round(value * 100) / 100));

/** What a rate is written in: the unit, and the interval that "per interval" means; null where it is not known. */
export interface Scale {
  readonly unit: RateUnit;
  readonly intervalH: number | null;
}

/** The scale of a threshold: that of the rates beside it; per 8 h where no one interval is known. */
export const thetaScale = (unit: RateUnit, intervalH: number | null): Scale =>
  unit === 'interval' && intervalH === null ? { unit: '8h', intervalH } : { unit, intervalH };

/** A threshold (decimal per hour) in percent of the scale's unit: four decimals, fewer from 10 % on, more where there would be less than three digits. */
export function formatTheta(theta: number, { unit, intervalH }: Scale): string {
  const percent = ratePercent(theta, intervalH, unit) ?? Number.NaN;
  return formatFixed(percent, shownThetaDecimals(percent));
}
/** As many as what is shown has: 9.99996 is shown as 10. */
export const shownThetaDecimals = (percent: number): number => thetaDecimals(Number(percent.toFixed(thetaDecimals(percent))));
const thetaDecimals = (percent: number): number => (percent >= 10 ? 2 : percent >= 0.01 ? 4 : percent >= 0.001 ? 5 : 6);

/** "0.4000 % per 8h". */
export const thetaPhrase = (theta: number, scale: Scale): string =>
  `${formatTheta(theta, scale)} % ${perUnit(scale.unit, scale.intervalH)}`;

/** A price with at least six significant digits, however small it is. */
export function formatPrice(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  const magnitude = Math.floor(Math.log10(size));
  const decimals = Math.min(12, Math.max(magnitude >= 3 ? 2 : 4, 5 - magnitude));
  return formatFixed(value, magnitude >= 3 ? 2 : Math.min(decimals, 5 - magnitude));
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
/** Quantities of contracts or money: "1.24M". */
export const formatQuantity = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? NONE : compact.format(value).replace('.', notation().decimal);

/** Whole numbers of things: "12,400". */
export const formatCount = (n: number): string => formatFixed(n, 0);

/** Decimal units, as disks are sold: "1.2 GB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let i = 0;
  while (value >= 999.5 && i < units.length - 1) {
    value /= 1000;
    i += 1;
  }
  return `${formatFixed(value, i === 0 || value >= 99.95 ? 0 : 1)} ${units[i] ?? 'TB'}`;
}
