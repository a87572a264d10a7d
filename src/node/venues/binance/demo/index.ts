import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createBinanceWire } from './wire.ts';

/** Adjusted contracts pay every 4 h or every hour; ARB changes. */
const HOURS = hoursByAsset([
  [1, 'KAITO'],
  [4, 'FET TAO WLD VIRTUAL AIXBT ARKM IO ENA HYPE BONK TRUMP FARTCOIN TIBBIR'],
  [8, 'BTC ETH SOL XRP BNB DOGE RENDER NEAR GRT ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB'],
]);
const OF_PASSING_H = 4;
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'DOGE']);

export const BINANCE_DEMO: DemoVenue = {
  id: 'binance',
  traits: {
    // It leans below the interest rate, as a year of real settlements does.
    bias: -0.00028,
    share: 0.5,
    lagMs: 50 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: (x) => (x < 0.3 ? 0 : Math.floor(47 * x ** 6) + 1),
    postedAfterMs: 2000,
  },
  listings({ name, multiplier, turn }, story) {
    const hours = turn === null ? HOURS.get(name) : OF_PASSING_H;
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    const intervalAt = name === 'ARB' ? (t: number) => story.adjustedIntervalH(t) : always(hours);
    const usdt = { symbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt, part: 1 };
    const usdc = { symbol: `${base}USDC`, base, quote: 'USDC', settle: 'USDC', intervalAt: always(8), part: 0.08 };
    return IN_USDC.has(name) ? [usdt, usdc] : [usdt];
  },
  wire: createBinanceWire,
};
