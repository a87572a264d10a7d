import type { Contract } from '#node/demo/contracts.ts';
import { quarterEnds } from '#node/demo/dated.ts';
import { json, type WireAnswer } from '#node/demo/wire.ts';
import type { DemoMarket } from './market.ts';

const DAY = 86_400_000;
/** A symbol that has ended stays in the bulk bodies for this long, frozen and SETTLING. */
const SETTLING_SHOWN = 40 * DAY;

export const fail = (code: number, msg: string, status = 400): WireAnswer => json({ code, msg }, status);

/** Binance writes rates and index prices with eight decimals. */
export const fixed = (value: number): string => value.toFixed(8);

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;

export const isShown = (contract: Contract, now: number): boolean => now < contract.delistedAt + SETTLING_SHOWN;

export interface DatedFuture {
  readonly symbol: string;
  readonly pair: string;
  readonly base: string;
  readonly type: 'CURRENT_QUARTER' | 'NEXT_QUARTER';
  readonly end: number;
}

/** BTCUSDT_261225 (BTCUSD_261225) and its like: the next two quarters. */
export function datedFutures({ quote }: DemoMarket, now: number): DatedFuture[] {
  const day = (t: number) => new Date(t).toISOString().slice(2, 10).replaceAll('-', '');
  return ['BTC', 'ETH'].flatMap((base) =>
    quarterEnds(now, 2).map((end, i) => ({
      symbol: `${base}${quote}_${day(end)}`,
      pair: `${base}${quote}`,
      base,
      type: i === 0 ? ('CURRENT_QUARTER' as const) : ('NEXT_QUARTER' as const),
      end,
    })),
  );
}
