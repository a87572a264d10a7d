import type { RateUnit } from '#domain/units.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { Measured } from '../../charts/measure.ts';
import { formatFixed, formatPrice, formatRate, NONE, unitHeader } from '../../format/numbers.ts';
import { formatTime, type Zone, zoneName } from '../../format/time.ts';

export interface MeasureStyle {
  readonly unit: RateUnit;
  readonly intervalH: number | null;
  readonly zone: Zone;
  /** The venue accrues without settlements: its rows are hours. */
  readonly continuous: boolean;
}

/** "2 d 4 h" of real time: on a day on which clocks are set it has 23 or 25 hours. */
export function spanText(ms: number): string {
  const hours = Math.round(ms / HOUR_MS);
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  return days === 0 ? `${rest} h` : rest === 0 ? `${days} d` : `${days} d ${rest} h`;
}

const known = (rate: number): number | null => (Number.isNaN(rate) ? null : rate);

/** What was paid over them, by the side that paid it. */
function paidText({ settlements, paid }: Measured, continuous: boolean): string {
  const count = continuous ? `${settlements} h accrued` : settlements === 1 ? '1 settlement' : `${settlements} settlements`;
  if (settlements === 0) return continuous ? 'nothing accrued' : 'no settlement';
  if (paid === 0) return `${count}, nothing paid`;
  return `${count}, ${paid > 0 ? 'longs' : 'shorts'} paid ${formatFixed(Math.abs(paid) * 100, 4)} %`;
}

/** Lines of the label. */
export function measureLines(measured: Measured, { unit, intervalH, zone, continuous }: MeasureStyle): string[] {
  const { from, to, f, mark, unknownH } = measured;
  const rate = (value: number): string => formatRate(known(value), intervalH, unit);
  const moment = (t: number): string => `${formatTime(t, 'day', zone)} ${formatTime(t, 'minute', zone)}`;
  const change = f[1] - f[0];
  const moved = mark[1] / mark[0] - 1;
  return [
    `${spanText(to - from)}: ${moment(from)} to ${moment(to)} ${zoneName(zone, to)}`,
    `Rate ${rate(f[0])} to ${rate(f[1])} ${unitHeader(unit)}, change ${rate(change)}`,
    paidText(measured, continuous),
    `Mark ${formatPrice(known(mark[0]))} to ${formatPrice(known(mark[1]))}, ${Number.isNaN(moved) ? NONE : formatFixed(moved * 100, 2, true)} %`,
    ...(unknownH > 0 ? [`${unknownH} h between are not known`] : []),
  ];
}
