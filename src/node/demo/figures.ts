import { candles, type Candle, type PriceKind } from './candles.ts';
import { type Contract, servedFrom } from './contracts.ts';
import { nextFundingAt, runningRate } from './funding.ts';
import { priceDecimals, type Model } from './wire.ts';

const DAY = 86_400_000;

/** What the bulk body of a venue tells of one contract at a time. Sizes are in units of the price, turnover in quote money. */
export interface Figures {
  readonly mark: number;
  readonly index: number;
  readonly last: number;
  /** The last trade a day ago. */
  readonly before: number;
  readonly high: number;
  readonly low: number;
  /** Decimals of its prices. */
  readonly digits: number;
  readonly turnover: number;
  readonly openInterest: number;
  /** Running, per interval. */
  readonly rate: number;
  readonly next: number;
  readonly hours: number;
}

export function figuresOf({ process }: Model, contract: Contract, now: number): Figures {
  const [last, before] = [process.last(contract, now), process.last(contract, now - DAY)];
  return {
    mark: process.mark(contract, now),
    index: process.index(contract, now),
    last,
    before,
    high: Math.max(last, before) * 1.01,
    low: Math.min(last, before) * 0.99,
    digits: priceDecimals(last),
    turnover: process.turnover(contract, now, DAY),
    openInterest: process.openInterest(contract, now),
    rate: runningRate(process, contract, now),
    next: nextFundingAt(contract, now),
    hours: contract.intervalAt(now),
  };
}

/** Hours that open in [from, to], oldest first: as many as `limit` of the first or of the newest, none from before what is served. */
export const hourCandles = (
  { process }: Model,
  contract: Contract,
  kind: PriceKind,
  asked: { readonly from: number; readonly to: number; readonly limit: number; readonly keep: 'first' | 'newest' },
  now: number,
): Candle[] => candles(process, contract, kind, 60, { ...asked, from: Math.max(asked.from, servedFrom(now)), now });

export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
