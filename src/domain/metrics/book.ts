import type { Book } from './frames/frames.ts';

/** Levels are price and size alternating, best first. */

/** NaN where a side is empty. */
export const midPrice = ({ bids, asks }: Book): number => ((bids[0] ?? NaN) + (asks[0] ?? NaN)) / 2;

/** A level on the edge of a band lies in it, whatever the last digits of its float are. */
const TIE = 1e-12;

/** How far a price is from mid (a share of mid). */
export const distanceFrom = (mid: number, price: number): number => Math.abs(price - mid) / mid;
export const isWithin = (distance: number, band: number): boolean => distance <= band + TIE;

/** Quote money of the levels within +-band (a share) of mid. */
export function moneyWithin(levels: Float64Array, mid: number, band: number): number {
  let money = 0;
  for (let i = 0; i + 1 < levels.length && isWithin(distanceFrom(mid, levels[i]!), band); i += 2) money += levels[i]! * levels[i + 1]!;
  return money;
}

/** How far from mid (a share) the levels go. */
export const reachOf = (levels: Float64Array, mid: number): number => distanceFrom(mid, levels[levels.length - 2]!);

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
