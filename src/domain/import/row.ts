import { inBase, refusalSentence, type ContractTerms } from '../amounts.ts';
import { amountFlaws, isTime, refusalOf } from '../bounds.ts';
import { isInterval } from '../interval.ts';
import { HOUR_MS } from '../time.ts';
import { CellError, intervalOf, isNothing, numberOf, rateOf, timeOf } from './cells.ts';
import type { Role } from './columns.ts';
import type { Plan } from './plan.ts';

/** What a line becomes; NaN: the line does not say. The same object is filled for each line. */
export interface ImportRow {
  /** Epoch ms: the stamp of a settlement, the close of a price, the moment of open interest. */
  time: number;
  closesAt: number;
  rate: number;
  intervalH: number;
  mark: number;
  index: number;
  last: number;
  premium: number;
  interest: number;
  /** Cells that cannot be and count as not there, a reason each. */
  left: string[];
}

export const emptyRow = (): ImportRow => ({
  time: NaN,
  closesAt: NaN,
  rate: NaN,
  intervalH: NaN,
  mark: NaN,
  index: NaN,
  last: NaN,
  premium: NaN,
  interest: NaN,
  left: [],
});

const PRICES = ['mark', 'index', 'last'] as const;

/** Fills `row` of a line's cells. `now`: nothing later is taken. Gives why the line is refused, null: it is not. */
export function readRow(row: ImportRow, cells: readonly string[], plan: Plan, terms: ContractTerms, now: number): string | null {
  try {
    return fill(row, cells, plan, terms, now);
  } catch (error) {
    if (error instanceof CellError) return error.message;
    throw error;
  }
}

function fill(row: ImportRow, cells: readonly string[], plan: Plan, terms: ContractTerms, now: number): string | null {
  const { places } = plan;
  row.left = [];
  const cell = (role: Role): string => {
    const at = places[role];
    const text = at === undefined ? '' : (cells[at] ?? '');
    return isNothing(text) ? '' : text;
  };
  const number = (role: Role): number => {
    const text = cell(role);
    return text === '' ? NaN : numberOf(text, role);
  };
  if (!fillTimes(row, cell, plan)) return 'there is no time.';
  if (!isTime(row.time, now))
    return row.time > now ? `${iso(row.time)} has not come yet.` : `${iso(row.time)} is before the first perpetual of 2016.`;

  const rate = cell('rate');
  row.rate = rate === '' ? NaN : rateOf(rate, plan.percent).rate;
  const interval = plan.interval === 'stated' ? cell('interval') : '';
  row.intervalH = typeof plan.interval === 'number' ? plan.interval : interval === '' ? NaN : intervalOf(interval);
  for (const role of PRICES) row[role] = number(role);
  if (plan.closeIs !== null && places.close !== undefined) row[plan.closeIs] = number('close');
  row.premium = number('premium');
  row.interest = number('interest');
  leaveOut(row, plan, terms);
  if (Number.isNaN(row.rate)) {
    const isEmpty = PRICES.every((role) => Number.isNaN(row[role])) && Number.isNaN(row.interest);
    return isEmpty ? (row.left[0] ?? `there is no ${wanted(plan)}.`) : null;
  }
  return refusalOf({ rate: row.rate, intervalH: Number.isNaN(row.intervalH) ? null : row.intervalH, time: row.time }, now);
}

const iso = (ms: number): string => (Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 19).replace('T', ' ') : String(ms));

function wanted({ places }: Plan): string {
  const hasPrice = ([...PRICES, 'close'] as const).some((role) => places[role] !== undefined);
  const names = [
    places.rate !== undefined ? ['rate'] : [],
    hasPrice ? ['price'] : [],
    places.interest !== undefined ? ['open interest'] : [],
  ];
  return names.flat().join(' and no ');
}

/** The time of the line, and the close that a price of it is of. */
function fillTimes(row: ImportRow, cell: (role: Role) => string, { zoneMs, dates, candleMs }: Plan): boolean {
  const at = (role: Role): number => {
    const text = cell(role);
    return text === '' ? NaN : timeOf(text, zoneMs, dates).ms;
  };
  const [stamp, time, opens, closes] = [at('stamp'), at('time'), at('opens'), at('closes')];
  const line = Number.isNaN(time) ? opens : time;
  // A candle is said to end in the last millisecond before its close.
  const ends = Number.isNaN(closes) ? NaN : closes % 1000 === 999 ? closes + 1 : closes;
  row.closesAt = Number.isNaN(ends) ? line + candleMs : ends;
  row.time = Number.isNaN(stamp) ? (Number.isNaN(line) ? ends : line) : stamp;
  return !Number.isNaN(row.time);
}

/** Takes out of the row what cannot be, with the reason; open interest in the unit of the price. */
function leaveOut(row: ImportRow, { interestIn }: Plan, terms: ContractTerms): void {
  if (!Number.isNaN(row.intervalH) && !isInterval(row.intervalH)) {
    row.left.push(`an interval of ${row.intervalH} h lies between no settlements.`);
    row.intervalH = NaN;
  }
  for (const { field, reason } of amountFlaws({ mark: known(row.mark), index: known(row.index), premium: known(row.premium) })) {
    row.left.push(`${reason}.`);
    if (field === 'mark' || field === 'index' || field === 'premium') row[field] = NaN;
  }
  const [last] = amountFlaws({ mark: known(row.last) });
  if (last !== undefined) {
    row.left.push(`${last.reason.replace('mark', 'last')}.`);
    row.last = NaN;
  }
  if (Number.isNaN(row.interest)) return;
  const { value, refusal } = inBase(row.interest, interestIn, terms, known(row.mark));
  const [flaw] = amountFlaws({ openInterest: value });
  if (refusal !== null) row.left.push(`open interest ${row.interest}: ${refusalSentence(refusal)}`);
  else if (flaw !== undefined) row.left.push(`${flaw.reason}.`);
  row.interest = flaw === undefined ? (value ?? NaN) : NaN;
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Whether a price of that close is one of those that are kept: one an hour. */
export const isHourClose = (close: number): boolean => close % HOUR_MS === 0;
