import { HOUR_MS } from '../time.ts';
import { legReversion } from './carry-expected.ts';
import { readCarry, type CarryInput } from './carry-input.ts';
import { exact, type Amount, type Exact } from './exact.ts';
import { expectedCurve, readReversion } from './expected.ts';
import { liquidationPrice, notionalAt } from './liquidation-price.ts';
import { readPosition, type LiquidationInput } from './liquidation.ts';
import { HOLD, POSITIVE, Reader, type Problem } from './reader.ts';
import { signOf } from './side.ts';
import { readFunding, settlementTimes, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';
import type { FundingInput } from './funding.ts';

/** Columns for drawing: times in ms, money in the settle currency, NaN where there is none. */
export interface FundingCurve {
  readonly time: Float64Array;
  /** Paid so far at a constant rate: steps at settlements; received is below 0. */
  readonly paid: Float64Array;
  /** The same as expected with the measured decay; empty without a half-life. */
  readonly expected: Float64Array;
}

export interface LiquidationCurve {
  readonly time: Float64Array;
  readonly paid: Float64Array;
  /** Estimated liquidation price after that funding; NaN: none, or taken already. */
  readonly price: Float64Array;
}

const POINTS = 200;
/** More settlements than this are drawn at every second, third ... one. */
const MOST_SETTLEMENTS = 400;

/** The instants of a curve from the open to the close, ms, with how many periods have been charged at each. */
function instants(funding: ReadFunding, holdH: Exact): { time: Float64Array; periods: Float64Array } {
  const open = funding.openAt.toNumber();
  const close = open + holdH.toNumber() * HOUR_MS;
  if (funding.continuous) {
    const time = Float64Array.from({ length: POINTS + 1 }, (_, i) => open + ((close - open) * i) / POINTS);
    return { time, periods: time.map((_, i) => (funding.periods.toNumber() * i) / POINTS) };
  }
  const count = funding.periods.toNumber();
  const every = Math.ceil(count / MOST_SETTLEMENTS);
  const at = settlementTimes(funding, count);
  const kept = Array.from(at, (time, i) => ({ time, periods: i + 1 })).filter(({ periods }) => periods % every === 0 || periods === count);
  const points = [{ time: open, periods: 0 }, ...kept, { time: close, periods: count }];
  return { time: Float64Array.from(points, (point) => point.time), periods: Float64Array.from(points, (point) => point.periods) };
}

type Held = ReadFunding & { readonly holdH: Exact };

/** A curve runs over a hold: null (and a problem) without one. */
function readHold(reader: Reader, at: string, terms: FundingTerms, hold: Hold): Held | null {
  const { holdH, ...funding } = readFunding(reader, at, terms, hold);
  if (holdH === null) reader.refuse('holdH', 'No hold is given.', HOLD.right);
  return holdH === null || !reader.ok() ? null : { ...funding, holdH };
}

/** Funding paid over the hold; null with problems where the inputs do not allow it. */
export function fundingCurve(input: FundingInput): FundingCurve | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const notional = reader.number('notional', input.notional, POSITIVE);
  const reversion = readReversion(reader, 'reversion', input.reversion);
  const funding = readHold(reader, '', input, input);
  if (funding === null) return { problems: reader.problems };
  const { time, periods } = instants(funding, funding.holdH);
  const scale = signOf(input.side).times(notional);
  const perPeriod = scale.times(funding.rate).toNumber();
  const expected = reversion === null || funding.periods.isZero() ? new Float64Array(0) : expectedCurve(funding, reversion, periods);
  const money = scale.toNumber();
  return { time, paid: periods.map((count) => perPeriod * count + 0), expected: expected.map((sum) => money * sum + 0) };
}

/**
 * Funding of both legs of a carry together, `notional` per leg: received below 0. The expected line is empty without a
 * half-life. Problems where the carry has no figures.
 */
export function carryCurve(input: CarryInput, notional: Amount): FundingCurve | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const read = readCarry(reader, input);
  if (!reader.ok()) return { problems: reader.problems };
  const money = exact(notional).toNumber();
  const legs = [read.long, read.short].flatMap((leg) => {
    if (leg.kind === 'spot') return [];
    const { time, periods } = instants(leg.funding, read.holdH);
    const reversion = legReversion(read, leg);
    const signed = leg.field === 'long' ? money : -money;
    const rate = leg.funding.rate.toNumber();
    return {
      time,
      paid: periods.map((n) => signed * rate * n),
      expected: reversion === null ? null : expectedCurve(leg.funding, reversion, periods).map((sum) => signed * sum),
      settles: !leg.funding.periods.isZero(),
    };
  });
  const time = Float64Array.from(new Set(legs.flatMap((leg) => [...leg.time]))).sort();
  const sumOf = (lines: readonly { readonly time: Float64Array; readonly line: Float64Array }[]): Float64Array => {
    const next = lines.map(() => 0);
    return time.map((at) =>
      lines.reduce((sum, { time: own, line }, i) => {
        while (own[next[i]! + 1]! <= at) next[i]!++;
        return sum + line[next[i]!]!;
      }, 0),
    );
  };
  const expected = legs.flatMap(({ time: own, expected: line, settles }) => (line === null || !settles ? [] : [{ time: own, line }]));
  return {
    time,
    paid: sumOf(legs.map(({ time: own, paid: line }) => ({ time: own, line }))),
    expected: expected.length === 0 ? new Float64Array(0) : sumOf(expected),
  };
}

/** How funding moves the liquidation price over the hold, at a constant rate and a flat price. */
export function liquidationOverHold(
  input: LiquidationInput,
  terms: FundingTerms,
  hold: Hold,
): LiquidationCurve | { readonly problems: readonly Problem[] } {
  const read = readPosition(input);
  if ('problems' in read) return read;
  const reader = new Reader();
  const funding = readHold(reader, 'funding.', terms, hold);
  if (funding === null) return { problems: reader.problems };
  const { position, balance, maintenance, mark } = read;
  const perPeriod = position.sign.times(funding.rate).times(notionalAt(position, position.entry));
  const { time, periods } = instants(funding, funding.holdH);
  return {
    time,
    paid: periods.map((count) => perPeriod.times(count).toNumber() + 0),
    price: periods.map((count) => {
      const found = liquidationPrice(position, balance.minus(perPeriod.times(count)), maintenance, mark);
      return found.kind === 'price' ? found.price.toNumber() : NaN;
    }),
  };
}
