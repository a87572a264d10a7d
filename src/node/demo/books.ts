import type { Contract } from './contracts.ts';
import { keyOf, unit, wave } from './noise.ts';
import type { Process } from './process.ts';
import { priceDecimals } from './wire.ts';

/** Share of the open interest that stands within the band to one side, and the band. */
const DEPTH = 0.006;
const BAND = 0.005;
/** Depth grows a little faster than the distance. */
const SHAPE = 1.3;
/** Levels that the order books of the demo hold at most per side. */
export const BOOK_LEVELS = 150;
/** Orders of one place come and go in so long. */
const CHANGE_MS = 7_000;
const MINUTE = 60_000;

/** Spread in shares of the price, and how far levels lie apart at least. */
const GROUPS = {
  major: { spread: 0.00002, gap: 0.00004 },
  ai: { spread: 0.0004, gap: 0.00015 },
  alt: { spread: 0.0002, gap: 0.0001 },
  meme: { spread: 0.0004, gap: 0.00015 },
} as const;

export interface DemoLevel {
  readonly price: number;
  /** In the venue's own contracts. */
  readonly size: number;
}

export interface DemoBook {
  /** Best first. */
  readonly bids: readonly DemoLevel[];
  readonly asks: readonly DemoLevel[];
  /** Decimals of prices. */
  readonly digits: number;
}

/**
 * The order book at `t`: as deep as the asset is large, its heavier side the one that the crowd stands on, its orders moving.
 * `step`: levels of so much price each (a coarse question); null: as the orders lie.
 */
export function demoBook(process: Process, contract: Contract, t: number, count: number, step: number | null = null): DemoBook {
  const { asset, venue, symbol } = contract;
  const mid = process.last(contract, t);
  const digits = priceDecimals(mid);
  const tick = 10 ** -digits;
  const { spread, gap } = GROUPS[asset.group];
  const key = keyOf(venue, symbol, 'book');
  const half = Math.max(tick, (mid * spread * (1 + 0.5 * wave(key, t, 11 * MINUTE))) / 2);
  const money = process.openInterest(contract, t) * mid * DEPTH;
  // A crowd of longs (a premium) bids; minutes of noise lean to either side.
  const lean = 0.5 * Math.tanh(process.premium(contract, t) / 0.003) + 0.3 * wave(keyOf(key, 'lean'), t, 9 * MINUTE);
  const width = step ?? Math.max(1, Math.round((mid * gap) / tick)) * tick;

  const side = (sign: 1 | -1): DemoLevel[] => {
    const best = sign > 0 ? Math.ceil((mid + half) / width) * width : Math.floor((mid - half) / width) * width;
    const share = Math.max(0.1, 1 - sign * lean);
    const held = (distance: number): number => money * share * (Math.max(0, distance) / (BAND * mid)) ** SHAPE;
    return Array.from({ length: count }, (_, i): DemoLevel => {
      const price = best + sign * i * width;
      const near = Math.abs(price - mid) - width;
      const place = keyOf(key, Math.round(price / width));
      const here = 0.4 + 1.2 * unit(place, Math.floor(t / CHANGE_MS));
      return { price, size: ((held(near + width) - held(near)) * here) / price };
    }).filter(({ price, size }) => price > 0 && size > 0);
  };
  return { bids: side(-1), asks: side(1), digits };
}

/** Decimals of an order's size: its least step is worth about a dollar, or one contract. */
export const sizeDecimals = (price: number, most: number): number => Math.min(most, Math.max(0, Math.round(Math.log10(price))));

/** The most of one order in contracts, one figure as venues give it: worth about 50 million as a limit order, a fifth at market. */
export function mostOfOrder(price: number): { readonly limit: string; readonly market: string } {
  const market = Number((10_000_000 / price).toPrecision(1));
  return { limit: String(5 * market), market: String(market) };
}

/** Levels as a venue writes them, those that round to nothing left out. */
export function levelTexts(book: DemoBook, decimals: number): { readonly bids: string[][]; readonly asks: string[][] } {
  const texts = (levels: readonly DemoLevel[]): string[][] =>
    levels.map(({ price, size }) => [price.toFixed(book.digits), size.toFixed(decimals)]).filter(([, size]) => Number(size) > 0);
  return { bids: texts(book.bids), asks: texts(book.asks) };
}

export interface Tier {
  readonly from: number;
  readonly maxLeverage: number;
}

/** Leverage tiers of the demo venues: the most leverage, and position values (USD) at which it falls. */
export function tiersOf(contract: Contract): readonly Tier[] {
  const { asset } = contract;
  const most = asset.group === 'major' ? 100 : asset.openInterestM > 100 ? 50 : 25;
  const first = asset.openInterestM * 2_000;
  return [1, 2, 4, 10].map((part, i) => ({ from: i === 0 ? 0 : first * 5 ** (i - 1), maxLeverage: Math.max(1, Math.floor(most / part)) }));
}
