import type { Contract } from '#node/demo/contracts.ts';
import { quarterEnds } from '#node/demo/dated.ts';
import { json, type WireAnswer } from '#node/demo/wire.ts';
import type { DemoMarket } from './market.ts';

const DAY = 86_400_000;
/** Letters of the months of delivery, as futures have them everywhere. */
const LETTERS = 'FGHJKMNQUVXZ';
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

export const good = (result: object, now: number): WireAnswer => json({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: now });

/** Bybit says errors of parameters with HTTP 200. */
export const bad = (retMsg: string, now: number): WireAnswer => json({ retCode: 10001, retMsg, result: {}, retExtInfo: {}, time: now });

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;

/** Delivery time of a perpetual: announced ten days ahead, "0" before. */
export const deliveryOf = (contract: Contract, now: number): string =>
  contract.delistedAt - now < 10 * DAY ? String(contract.delistedAt) : '0';

export interface DatedFuture {
  readonly symbol: string;
  readonly base: string;
  readonly settle: string;
  readonly end: number;
}

/** BTC-26DEC25 (USDC) and BTCUSDT-26DEC25; BTCUSDZ25 of the inverse ones: the next two quarters. */
export function datedFutures({ category }: DemoMarket, now: number): DatedFuture[] {
  const year = (t: number) => String(new Date(t).getUTCFullYear()).slice(2);
  const day = (t: number) => {
    const date = new Date(t);
    return `${String(date.getUTCDate()).padStart(2, '0')}${MONTHS[date.getUTCMonth()] ?? ''}${year(t)}`;
  };
  return ['BTC', 'ETH'].flatMap((base) =>
    quarterEnds(now, 2).flatMap((end) =>
      category === 'inverse'
        ? [{ symbol: `${base}USD${LETTERS[new Date(end).getUTCMonth()] ?? ''}${year(end)}`, base, settle: base, end }]
        : [
            { symbol: `${base}-${day(end)}`, base, settle: 'USDC', end },
            { symbol: `${base}USDT-${day(end)}`, base, settle: 'USDT', end },
          ],
    ),
  );
}
