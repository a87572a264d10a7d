import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoTraits, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { COIN_M, USD_M } from './market.ts';
import { createBinanceWire } from './wire.ts';

/** Adjusted contracts pay every 4 h or every hour; ARB changes. */
const HOURS = hoursByAsset([
  [1, 'KAITO'],
  [4, 'FET TAO WLD VIRTUAL AIXBT ARKM IO ENA HYPE BONK TRUMP FARTCOIN TIBBIR'],
  [8, 'BTC ETH SOL XRP BNB DOGE RENDER NEAR GRT ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB'],
]);
const OF_PASSING_H = 4;
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'DOGE']);

/** Real coin-margined ones are some thirty, and nearly all of 8 h. */
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE', 'ADA', 'AVAX', 'LINK', 'LTC', 'SUI', 'NEAR']);

const TRAITS: DemoTraits = {
  // It leans below the interest rate, as a year of real settlements does.
  bias: -0.00028,
  share: 0.5,
  lagMs: 50 * 60_000,
  cap: CAP,
  divides: true,
  weighting: 'equal',
  stampedAfterMs: (x) => (x < 0.3 ? 0 : Math.floor(47 * x ** 6) + 1),
  postedAfterMs: 2000,
};

export const BINANCE_DEMO: DemoVenue = {
  id: USD_M.id,
  traits: TRAITS,
  listings({ name, multiplier, turn }, story) {
    const hours = turn === null ? HOURS.get(name) : OF_PASSING_H;
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    const intervalAt = name === 'ARB' ? (t: number) => story.adjustedIntervalH(t) : always(hours);
    const usdt = { symbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt, part: 1 };
    const usdc = { symbol: `${base}USDC`, base, quote: 'USDC', settle: 'USDC', intervalAt: always(8), part: 0.08 };
    return IN_USDC.has(name) ? [usdt, usdc] : [usdt];
  },
  wire: (model) => createBinanceWire(USD_M, model),
};

export const BINANCE_COIN_M_DEMO: DemoVenue = {
  id: COIN_M.id,
  traits: { ...TRAITS, bias: -0.0001, share: 0.05, lagMs: 45 * 60_000 },
  listings({ name }) {
    if (!IN_COIN.has(name)) return [];
    const listing = { symbol: `${name}USD_PERP`, base: name, quote: 'USD', settle: name, contract: 'inverse' as const };
    return [{ ...listing, intervalAt: always(8), part: 1 }];
  },
  wire: (model) => createBinanceWire(COIN_M, model),
};
