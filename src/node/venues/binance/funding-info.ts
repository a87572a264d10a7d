import { isInterval } from '#domain/interval.ts';
import { readCap } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber } from '../common/read.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

export interface BinanceFunding {
  /** Null: unreadable. */
  readonly intervalH: number | null;
  /** Per paid interval; undefined: unreadable. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
}

/** Body of GET fundingInfo: interval, cap and floor of those symbols whose funding was ever adjusted. */
export function parseFundingInfo({ name, mayAdjustNone }: Market, text: string, now: number): ReadonlyMap<string, BinanceFunding> {
  const adjusted = new Map<string, BinanceFunding>();
  const rows = listOf(name, parseBody(name, text, now), 'fundingInfo');
  if (rows.length === 0 && mayAdjustNone) return adjusted;
  for (const item of rows) {
    const row = asRow(item);
    const hours = readNumber(row?.['fundingIntervalHours']);
    if (row === null || !isSymbol(row['symbol'])) continue;
    adjusted.set(row['symbol'], {
      intervalH: hours !== null && isInterval(hours) ? hours : null,
      cap: readCap(row['adjustedFundingRateCap'], 1),
      floor: readCap(row['adjustedFundingRateFloor'], -1),
    });
  }
  if (![...adjusted.values()].some(({ intervalH }) => intervalH !== null)) throw empty(name, 'fundingInfo states no interval');
  return adjusted;
}
