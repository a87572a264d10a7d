import type { FundingInput } from '#domain/decisions/funding.ts';
import type { CarryResult } from '#domain/decisions/carry.ts';
import type { CarryInput } from '#domain/decisions/carry-input.ts';
import { carryCurve, fundingCurve, type FundingCurve, type LiquidationCurve } from '#domain/decisions/over-hold.ts';
import { profitCurve, type ProfitMark } from '#domain/decisions/profit-curve.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import type { Outcome, OutcomeMark } from '../../charts/outcome-option.ts';

const MARKS: Readonly<Record<ProfitMark['kind'], string>> = {
  entry: 'entry',
  stop: 'stop',
  target: 'target',
  'break-even': 'break-even',
  liquidation: 'liquidation, est.',
};

/** Profit over price; null where the size has no figures. */
export function profitOutcome(input: SizeInput): Outcome | null {
  const curve = profitCurve(input);
  if (curve === null) return null;
  return {
    over: 'price',
    values: 'money',
    lines: [{ id: 'profit', x: curve.price, y: curve.profit, style: 'main' }],
    marks: curve.marks.map(({ kind, price, profit }): OutcomeMark => {
      const mark = { x: price, y: profit, text: MARKS[kind] };
      return kind === 'liquidation' || kind === 'break-even' ? { ...mark, hollow: true } : mark;
    }),
  };
}

/** What one has, or is out of pocket, after the funding so far: received above 0. */
export function fundingOutcome(input: FundingInput): Outcome | null {
  const curve = fundingCurve(input);
  return 'problems' in curve || curve.time.length < 2 ? null : drawn(curve);
}

function drawn({ time, paid, expected }: FundingCurve): Outcome {
  const received = (values: Float64Array): Float64Array => values.map((value) => 0 - value);
  return {
    over: 'time',
    values: 'money',
    lines: [
      { id: 'flat', x: time, y: received(paid), style: 'main', step: true },
      ...(expected.length > 0 ? [{ id: 'expected', x: time, y: received(expected), style: 'expected', step: true } as const] : []),
    ],
    marks: [],
  };
}

/** The estimate over the hold, with the stop beside it. */
export function liquidationOutcome(curve: LiquidationCurve): Outcome | null {
  if (curve.time.length < 2 || curve.price.every((price) => Number.isNaN(price))) return null;
  return { over: 'time', values: 'price', lines: [{ id: 'price', x: curve.time, y: curve.price, style: 'main', step: true }], marks: [] };
}

/** Funding of both legs together over the hold, and as the spread is expected to return to its mean. */
export function carryOutcome(input: CarryInput, { notional: { value: notional } }: CarryResult['figures']): Outcome | null {
  if (notional === null) return null;
  const curve = carryCurve(input, notional);
  return 'problems' in curve || curve.time.length < 2 ? null : drawn(curve);
}
