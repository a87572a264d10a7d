import type { WatchRow } from '#bridge/contract.ts';
import { refusalSentence, usdPar } from '#domain/amounts.ts';
import { coinOf, moneyOf } from '#domain/instrument.ts';
import { formatQuantity } from './numbers.ts';
import { age } from './time.ts';

/** What the open interest is counted in and worth, and how old it is where it was asked for by itself; or why it is not shown. */
export function openInterestWords({ instrument, openInterest, openInterestAt, mark, unconverted, learnt }: WatchRow, now: number): string {
  if (openInterest === null) {
    if (unconverted?.openInterest !== undefined) return refusalSentence(unconverted.openInterest);
    // Of then no reason is stored.
    return learnt === null ? 'Not part of the venue\u2019s bulk answer' : 'None is stored of then';
  }
  const asked = openInterestAt === null ? '' : `, ${age(now - openInterestAt)} old`;
  const coins = `Open interest ${formatQuantity(openInterest)} ${coinOf(instrument)}${asked}`;
  if (mark === null) return coins;
  const money = moneyOf(instrument);
  const par = usdPar(money) === 'stablecoin' ? ` (one ${money} counts as one USD)` : '';
  return `${coins}, worth ${formatQuantity(openInterest * mark)} ${money} at the mark${par}`;
}
