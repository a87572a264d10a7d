import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoTraits, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { INVERSE, LINEAR } from './market.ts';
import { createBybitWire } from './wire.ts';

/** INJ changes. */
const HOURS = hoursByAsset([
  [1, 'HYPE FARTCOIN'],
  [2, 'IO'],
  [4, 'GRT VIRTUAL AIXBT KAITO ENA TRUMP TIBBIR VADER'],
  [8, 'BTC ETH SOL XRP BNB DOGE FET TAO RENDER NEAR WLD ARKM ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB BONK'],
]);
/** Real inverse ones are few, and all of 8 h. */
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'LTC', 'LINK', 'AVAX', 'DOGE', 'SUI', 'NEAR']);
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL']);

const TRAITS: DemoTraits = {
  // It leans below the interest rate, as a year of real settlements does.
  bias: -0.00025,
  share: 0.32,
  lagMs: 25 * 60_000,
  cap: CAP,
  divides: false,
  weighting: 'rising',
  stampedAfterMs: () => 0,
  postedAfterMs: 800,
  failing: true,
};

export const BYBIT_DEMO: DemoVenue = {
  id: LINEAR.id,
  traits: TRAITS,
  listings({ name, multiplier, turn }, story) {
    const hours = turn === null ? HOURS.get(name) : turn % 2 === 0 ? 4 : 8;
    if (hours === undefined) return [];
    // SHIB is the one whose thousand stands behind its name here.
    const base = multiplier === 1 ? name : name === 'SHIB' ? `${name}${multiplier}` : `${multiplier}${name}`;
    const intervalAt = name === 'INJ' ? (t: number) => story.crowdedIntervalH(t) : always(hours);
    const usdt = { symbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt, part: 1 };
    const usdc = { symbol: `${base}PERP`, base, quote: 'USDC', settle: 'USDC', intervalAt: always(8), part: 0.08 };
    return IN_USDC.has(name) ? [usdt, usdc] : [usdt];
  },
  wire: (model) => createBybitWire(LINEAR, model),
};

export const BYBIT_INVERSE_DEMO: DemoVenue = {
  id: INVERSE.id,
  traits: { ...TRAITS, bias: -0.0001, share: 0.04, lagMs: 30 * 60_000 },
  listings({ name }) {
    if (!IN_COIN.has(name)) return [];
    const listing = { symbol: `${name}USD`, base: name, quote: 'USD', settle: name, contract: 'inverse' as const };
    return [{ ...listing, intervalAt: always(8), part: 1 }];
  },
  wire: (model) => createBybitWire(INVERSE, model),
};
