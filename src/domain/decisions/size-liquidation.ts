import { plainText, valueOf, type Exact } from './exact.ts';
import { amount, atOnce, beyondMark, comesFirst, stopTooFar } from './liquidation.ts';
import { liquidationPrice, notionalAt, type Position } from './liquidation-price.ts';
import type { Trade } from './payoff.ts';
import type { Reader } from './reader.ts';
import type { SizeLiquidation } from './size-figures.ts';
import type { ReadSize, SizeInput } from './size-input.ts';
import type { Attempt } from './size-minimum.ts';
import { stopAdvice } from './size-stop.ts';

/** Cross: what the entry costs, fee and slippage, is off the equity when the position stands (domain 4.1). */
export function liquidationOf(read: ReadSize, position: Position, trade: Trade, { margin }: SizeInput): SizeLiquidation {
  const notional = notionalAt(position, position.entry);
  const entryCost = trade.feeIn.plus(trade.slip).times(notional);
  const balance = margin === 'isolated' ? notional.div(read.leverage) : valueOf(read.capital).minus(read.otherMaintenance).minus(entryCost);
  const balanceAtEnd = balance.minus(trade.paid.times(notional));
  const { maintenance } = read;
  return {
    now: maintenance === null ? null : liquidationPrice(position, balance, maintenance),
    balance,
    atEnd: maintenance === null ? null : liquidationPrice(position, balanceAtEnd, maintenance),
    balanceAtEnd,
  };
}

export interface StopVerdict {
  /** Null: not known. */
  readonly stopFirst: boolean | null;
  /** Why figures that rest on the stop do not hold; null where they do. */
  readonly why: string | null;
}

const BEFORE_STOP = 'The position would be liquidated before its stop.';
const AT_END = 'The funding of the hold eats the margin: by the end of the hold the position would be liquidated before its stop.';

/** Whether the stop comes before liquidation, from the entry to the end of the hold. */
export function judgeStop(
  reader: Reader,
  warnings: Reader,
  read: ReadSize,
  position: Position,
  liquidation: SizeLiquidation,
  input: SizeInput,
  attempt: Attempt | null,
): StopVerdict {
  const { now, atEnd, balance, balanceAtEnd } = liquidation;
  if (now === null || atEnd === null) {
    const right = 'Enter the maintenance rate of the venue to see the liquidation price.';
    warnings.refuse('maintenance', 'No maintenance rate is known, so it is not known whether the stop comes before liquidation.', right);
    return { stopFirst: null, why: null };
  }
  const money = (position.contract === 'linear' ? input.quote : input.base) ?? '';
  if (now.kind === 'at-once') {
    reader.refuse('leverage', ...atOnce(balance, now.maintenance, money, input.margin));
    return { stopFirst: false, why: BEFORE_STOP };
  }
  const { stop, mark } = read;
  const prices = [now, atEnd].flatMap((found) => (found.kind === 'price' ? [found.price] : []));
  if (now.kind === 'price' && mark !== null && !position.sign.times(mark.minus(now.price)).gt(0)) {
    reader.refuse('entry', ...beyondMark(mark, now.price, 'it would be liquidated at once'));
    return { stopFirst: false, why: BEFORE_STOP };
  }
  if (now.kind === 'price' && !comesFirst(position, stop, now)) {
    reader.refuse('stop', stopTooFar(stop, now.price), stopAdvice(read, input, prices, false, attempt));
    return { stopFirst: false, why: BEFORE_STOP };
  }
  if (comesFirst(position, stop, atEnd)) return { stopFirst: true, why: null };
  const paid = amount(balance.minus(balanceAtEnd), money);
  const then =
    atEnd.kind === 'price'
      ? `brings the estimated liquidation price to ${plainText(atEnd.price.toSignificantDigits(8))} at the end of the hold, at or beyond the stop ${plainText(stop)}`
      : `leaves ${amount(balanceAtEnd, money)} of margin at the end of the hold, not above the maintenance`;
  reader.refuse(
    'stop',
    `The funding paid over the hold, ${paid}, ${then}: the position would be liquidated before its stop.`,
    stopAdvice(read, input, prices, true, attempt),
  );
  return { stopFirst: false, why: AT_END };
}

/** A size is kept exact to as many digits as an input may have; else it is refused, never rounded. */
export function refuseDigits(reader: Reader, field: string, step: Exact, sizes: readonly Exact[]): void {
  const longest = sizes.reduce((long, size) => (size.precision() > long.precision() ? size : long));
  const digits = longest.precision();
  if (digits <= MAX_DIGITS) return;
  reader.refuse(
    field,
    `In steps of ${step.toFixed()} this size has ${digits} digits, more than the ${MAX_DIGITS} that are kept exact.`,
    'Enter the lot step of the venue, or a coarser one.',
  );
}

const MAX_DIGITS = 20;
