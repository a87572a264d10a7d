import type { ShownColumn } from '#bridge/out.ts';
import { type Distribution, PERCENTILES, type WeekCell } from '#domain/explore/distribution.ts';
import type { Payments } from '#domain/explore/payments.ts';
import type { SpreadLife } from '#domain/explore/spread-life.ts';
import { columnOf } from '../exports/out.ts';
import type { ExploredInstrument } from './session.svelte.ts';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Of what a view lists; an export has all. */
export const MOST_ROWS = 500;

/** Tables of the views as they leave the app: in the catalogue's units, not in the screen's. */

export const distributionColumns = ({ percentiles }: Distribution, unit: string): ShownColumn[] => [
  columnOf.number('percentile', '', PERCENTILES),
  columnOf.number('value', unit, percentiles),
];

export function weekColumns(week: readonly (readonly WeekCell[])[], unit: string): ShownColumn[] {
  const cells = week.flatMap((day, d) => day.map((cell, hour) => ({ weekday: WEEKDAYS[d] ?? '', hour, ...cell })));
  return [
    columnOf.text(
      'weekday (UTC)',
      cells.map(({ weekday }) => weekday),
    ),
    columnOf.number(
      'hour',
      'UTC',
      cells.map(({ hour }) => hour),
    ),
    columnOf.number(
      'mean',
      unit,
      cells.map(({ mean }) => mean),
    ),
    columnOf.number(
      'rows',
      '',
      cells.map(({ n }) => n),
    ),
  ];
}

export const extremeColumns = (rows: readonly { readonly time: number; readonly value: number }[], unit: string): ShownColumn[] => [
  columnOf.time(
    'time',
    rows.map(({ time }) => time),
  ),
  columnOf.number(
    'value',
    unit,
    rows.map(({ value }) => value),
  ),
];

export const settlementColumns = (
  { settlements }: ExploredInstrument,
  { payment }: Payments,
  money: string,
  quote: string,
): ShownColumn[] => [
  columnOf.time('time', settlements.key),
  columnOf.number('rate', 'per interval', settlements.rate, 'measured'),
  columnOf.number('interval_h', 'h', settlements.intervalH, 'measured'),
  columnOf.number('mark_price', quote, settlements.mark, 'measured'),
  columnOf.text(
    'mark_of',
    Array.from(settlements.own, (own, i) => (Number.isNaN(settlements.mark[i] ?? NaN) ? '' : own === 1 ? 'settlement' : 'hour')),
  ),
  columnOf.number('payment', money, payment),
];

export const lifeColumns = (lives: readonly SpreadLife[]): ShownColumn[] => [
  columnOf.time(
    'start',
    lives.map(({ start }) => start),
  ),
  columnOf.time(
    'end',
    lives.map(({ end }) => end),
  ),
  columnOf.text(
    'state',
    lives.map(({ open }) => (open ? 'open' : 'over')),
  ),
  columnOf.number(
    'hours',
    'h',
    lives.map(({ hours }) => hours),
  ),
  columnOf.number(
    'largest',
    'per h',
    lives.map(({ largest, side }) => largest * side),
  ),
  columnOf.time(
    'largest_at',
    lives.map(({ largestAt }) => largestAt),
  ),
  columnOf.number(
    'paid',
    'share of the notional',
    lives.map(({ paid }) => paid),
  ),
  columnOf.number(
    'hours_above_cost',
    'h',
    lives.map(({ hoursAboveCost }) => hoursAboveCost),
  ),
];
