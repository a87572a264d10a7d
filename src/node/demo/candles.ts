import type { Contract } from './contracts.ts';
import type { Process } from './process.ts';

export type PriceKind = 'last' | 'mark' | 'index' | 'premium';

export interface Candle {
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Quote money; 0 for anything but trades. */
  readonly turnover: number;
}

/** Prices looked at between open and close. */
const BETWEEN = 2;
const MINUTE = 60_000;

/** Candle lengths by the minutes in which every venue names some of them. */
export const CANDLE_MINUTES: readonly number[] = [1, 3, 5, 15, 30, 60, 120, 240, 360, 480, 720, 1440];

function candleAt(process: Process, contract: Contract, kind: PriceKind, start: number, end: number, open: number): Candle {
  const close = process[kind](contract, end);
  let high = Math.max(open, close);
  let low = Math.min(open, close);
  for (let i = 1; i <= BETWEEN; i++) {
    const value = process[kind](contract, start + ((end - start) * i) / (BETWEEN + 1));
    high = Math.max(high, value);
    low = Math.min(low, value);
  }
  return { start, open, high, low, close, turnover: kind === 'last' ? process.turnover(contract, end, end - start) : 0 };
}

/**
 * Candles whose start lies in [from, to], ascending, the running one included; at most `limit`, the first ones or
 * the newest ones of them.
 */
export function candles(
  process: Process,
  contract: Contract,
  kind: PriceKind,
  minutes: number,
  range: { from: number; to: number; limit: number; keep: 'first' | 'newest'; now: number },
): Candle[] {
  const ms = minutes * MINUTE;
  const oldest = Math.max(range.from, Math.floor(contract.listedAt / ms) * ms);
  const newest = Math.min(range.to, range.now - 1, contract.delistedAt - 1);
  let first = Math.ceil(oldest / ms);
  let last = Math.floor(newest / ms);
  if (range.keep === 'first') last = Math.min(last, first + range.limit - 1);
  else first = Math.max(first, last - range.limit + 1);
  const list: Candle[] = [];
  let open = process[kind](contract, Math.max(first * ms, contract.listedAt));
  for (let i = first; i <= last; i++) {
    const candle = candleAt(process, contract, kind, i * ms, Math.min((i + 1) * ms, range.now, contract.delistedAt), open);
    list.push(candle);
    open = candle.close;
  }
  return list;
}
