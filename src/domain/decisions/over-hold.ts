import { HOUR_MS } from '../time.ts';
import { expectedCurve, readReversion } from './expected.ts';
import { liquidationPrice, notionalAt } from './liquidation-price.ts';
import { readPosition, type LiquidationInput } from './liquidation.ts';
import { POSITIVE, Reader, type Problem } from './reader.ts';
import { signOf } from './side.ts';
import { ratePerHour, readFunding, settlementTimes, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';
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
function instants(funding: ReadFunding): { time: Float64Array; periods: Float64Array } {
  const open = funding.openAt.toNumber();
  const close = open + funding.holdH.toNumber() * HOUR_MS;
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

/** Funding paid over the hold; null with problems where the inputs do not allow it. */
export function fundingCurve(input: FundingInput): FundingCurve | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const notional = reader.number('notional', input.notional, POSITIVE);
  const reversion = readReversion(reader, 'reversion', input.reversion);
  const funding = readFunding(reader, '', input, input);
  if (!reader.ok()) return { problems: reader.problems };
  const { time, periods } = instants(funding);
  const scale = signOf(input.side).times(notional);
  const perPeriod = scale.times(funding.rate).toNumber();
  const hours = time.map((at) => (at - time[0]!) / HOUR_MS);
  const expected = reversion === null ? new Float64Array(0) : expectedCurve(ratePerHour(funding).toNumber(), reversion, hours);
  const money = scale.toNumber();
  return { time, paid: periods.map((count) => perPeriod * count + 0), expected: expected.map((sum) => money * sum + 0) };
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
  const funding = readFunding(reader, 'funding.', terms, hold);
  if (!reader.ok()) return { problems: reader.problems };
  const { position, balance, maintenance } = read;
  const perPeriod = position.sign.times(funding.rate).times(notionalAt(position, position.entry));
  const { time, periods } = instants(funding);
  return {
    time,
    paid: periods.map((count) => perPeriod.times(count).toNumber() + 0),
    price: periods.map((count) => {
      const found = liquidationPrice(position, balance.minus(perPeriod.times(count)), maintenance);
      return found.kind === 'price' ? found.price.toNumber() : NaN;
    }),
  };
}
