import { HOUR_MS } from '../time.ts';
import { ONE, ZERO, type Exact } from './exact.ts';
import { timeWritten } from '../typed-time.ts';
import { HOLD, isBlank, INTERVAL, MAX_RATE_PER_HOUR, RATE, type Given, type Reader } from './reader.ts';

/** The funding terms of one leg, as its venue states them now. */
export interface FundingTerms {
  /** Decimal per interval; for a continuous venue per quoting period. */
  readonly rate?: Given;
  /** Hours between settlements, or the quoting period of a continuous venue; null: unknown, and then there is no figure. */
  readonly intervalH?: Given;
  /** The venue accrues without settlements: pro rata. */
  readonly continuous?: boolean | undefined;
  /** The next settlement, ms. */
  readonly nextFundingAt?: Given;
}

/** The time a position is held. */
export interface Hold {
  /** When it opens, ms. */
  readonly openAt?: Given;
  readonly holdH?: Given;
}

export interface ReadFunding {
  readonly rate: Exact;
  readonly intervalH: Exact;
  readonly continuous: boolean;
  readonly openAt: Exact;
  /** The first settlement after the opening, at most one interval later. */
  readonly nextFundingAt: Exact;
  /** Null: no hold is given, which is not a hold of 0. */
  readonly holdH: Exact | null;
  /** Settlements inside the hold; for a continuous venue hold / period. */
  readonly periods: Exact;
}

/** No funding to count: nothing is held, or a spot leg. */
export const noFunding = (holdH: Exact | null): ReadFunding => ({
  rate: ZERO,
  intervalH: ONE,
  continuous: true,
  openAt: ZERO,
  nextFundingAt: ZERO,
  holdH,
  periods: ZERO,
});

/** Whether the terms are the subject themselves, or only what a hold costs: then a hold of 0 h, or none, asks for no rate. */
type Asks = 'terms' | 'cost';

/** Reads what a hold needs, and no more. `at` is the path of the terms, `holdAt` that of the hold. */
export function readFunding(reader: Reader, at: string, terms: FundingTerms, hold: Hold, asks: Asks = 'cost', holdAt = ''): ReadFunding {
  const holdH = reader.optional(`${holdAt}holdH`, hold.holdH, HOLD);
  const held = holdH !== null && !holdH.isZero();
  if (!held && asks === 'cost') {
    const rate = reader.or(`${at}rate`, terms.rate, RATE, ZERO);
    return { ...noFunding(holdH), rate };
  }
  const rate = reader.number(`${at}rate`, terms.rate, RATE);
  const unknown = isBlank(terms.intervalH);
  if (unknown) {
    reader.refuse(
      `${at}intervalH`,
      'The funding interval is not known, so what the hold costs cannot be said.',
      `Enter the hours between settlements${asks === 'cost' ? ', or set the hold to 0 to leave funding out' : ''}.`,
    );
  }
  const intervalH = unknown ? ONE : reader.number(`${at}intervalH`, terms.intervalH, INTERVAL);
  const continuous = terms.continuous === true;
  refuseRate(reader, `${at}rate`, rate, intervalH);
  if (!held) return { ...noFunding(holdH), rate, intervalH, continuous };
  const openAt = continuous ? ZERO : reader.time(`${holdAt}openAt`, hold.openAt);
  const nextFundingAt = continuous ? ZERO : reader.time(`${at}nextFundingAt`, terms.nextFundingAt);
  if (!continuous) refuseNext(reader, `${at}nextFundingAt`, openAt, nextFundingAt, intervalH);
  const periods = continuous ? holdH.div(intervalH) : settlementsIn(openAt, openAt.plus(holdH.times(HOUR_MS)), nextFundingAt, intervalH);
  return { rate, intervalH, continuous, openAt, nextFundingAt, holdH, periods };
}

/** A percentage that was typed as a decimal; of an interval that is not known its own bounds are all that can be said. */
function refuseRate(reader: Reader, field: string, rate: Exact, intervalH: Exact): void {
  if (!rate.abs().gt(intervalH.times(MAX_RATE_PER_HOUR))) return;
  const plain = rate.toFixed();
  reader.refuse(
    field,
    `${rate.times(100).toFixed()} % in ${intervalH.toFixed()} h is more than 10 % an hour.`,
    `Enter a rate per interval as a decimal: ${plain} % is ${rate.div(100).toFixed()}.`,
  );
}

/** The settlement of the same grid that comes first after the opening, ms. */
export function firstAfter(openAt: Exact, settlementAt: Exact, intervalH: Exact): Exact {
  const stepMs = intervalH.times(HOUR_MS);
  return settlementAt.minus(settlementAt.minus(openAt).div(stepMs).ceil().minus(1).times(stepMs));
}

/** The next settlement lies in (open, open + interval]. */
function refuseNext(reader: Reader, field: string, openAt: Exact, nextAt: Exact, intervalH: Exact): void {
  if (openAt.isNaN() || nextAt.isNaN() || intervalH.isNaN()) return;
  const first = firstAfter(openAt, nextAt, intervalH);
  if (first.eq(nextAt)) return;
  const [open, next, right] = [openAt, nextAt, first].map((time) => timeWritten(Math.round(time.toNumber())));
  reader.refuse(
    field,
    nextAt.gt(openAt)
      ? `The next settlement ${next} is more than one interval of ${intervalH.toFixed()} h after the opening ${open}.`
      : `The next settlement ${next} is not after the opening ${open}.`,
    `Enter the first one after it: by steps of ${intervalH.toFixed()} h ${right}.`,
  );
}

/** Settlement instants T = next + j h (j = 0, 1, 2 ...) with open < T <= close; all times ms. */
function settlementsIn(openAt: Exact, closeAt: Exact, nextAt: Exact, intervalH: Exact): Exact {
  const stepMs = intervalH.times(HOUR_MS);
  const upTo = (time: Exact): Exact => (time.lt(nextAt) ? ZERO : time.minus(nextAt).divToInt(stepMs).plus(1));
  return upTo(closeAt).minus(upTo(openAt));
}

/** The instants themselves, ms, at most `limit` of them. */
export function settlementTimes(funding: ReadFunding, limit: number): Float64Array {
  if (funding.continuous) return new Float64Array(0);
  const stepMs = funding.intervalH.times(HOUR_MS);
  return Float64Array.from({ length: Math.min(limit, funding.periods.toNumber()) }, (_, j) =>
    funding.nextFundingAt.plus(stepMs.times(j)).toNumber(),
  );
}

/** Funding paid per notional over the hold at a constant rate, price held flat; `sign` +1 long, -1 short; below 0: received. */
export const paidShare = (funding: ReadFunding, sign: Exact): Exact => sign.times(funding.rate).times(funding.periods);

export const ratePerHour = (funding: ReadFunding): Exact => funding.rate.div(funding.intervalH);
