import type { Book } from './frames/frames.ts';

/** Levels are price and size by turns, best first. */

/** NaN where a side is empty. */
export const midPrice = ({ bids, asks }: Book): number => ((bids[0] ?? NaN) + (asks[0] ?? NaN)) / 2;

/** Quote money of the levels within +-band (a share) of mid. */
export function moneyWithin(levels: Float64Array, mid: number, band: number): number {
  let money = 0;
  for (let i = 0; i + 1 < levels.length && Math.abs(levels[i]! / mid - 1) <= band; i += 2) money += levels[i]! * levels[i + 1]!;
  return money;
}

/** How far from mid (a share) the levels go. */
export const reachOf = (levels: Float64Array, mid: number): number => Math.abs(levels[levels.length - 2]! / mid - 1);

/** Average price of a fill of `size` quote money; NaN where the levels end before. */
export function averagePrice(levels: Float64Array, size: number): number {
  let left = size;
  let quantity = 0;
  for (let i = 0; i + 1 < levels.length; i += 2) {
    const money = levels[i]! * levels[i + 1]!;
    if (money >= left) return size / (quantity + left / levels[i]!);
    quantity += levels[i + 1]!;
    left -= money;
  }
  return NaN;
}
