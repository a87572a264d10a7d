import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createBitgetWire } from './wire.ts';

/** ARB changes. */
const HOURS = hoursByAsset([
  [1, 'FARTCOIN TIBBIR'],
  [2, 'IO'],
  [4, 'FET GRT VIRTUAL AIXBT KAITO ARKM ENA TRUMP HYPE PEPE BONK'],
  [8, 'BTC ETH SOL XRP BNB DOGE TAO RENDER NEAR WLD ADA AVAX LINK LTC SUI AAVE ARB OP INJ SHIB'],
]);
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE']);
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH', 'XRP']);
/** It sells the others of the thousands by the coin. */
const BY_THE_THOUSAND: ReadonlySet<string> = new Set(['BONK']);

export const BITGET_DEMO: DemoVenue = {
  id: 'bitget',
  traits: {
    bias: -0.0001,
    share: 0.15,
    lagMs: 40 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 2_000,
  },
  listings({ name, multiplier, turn }, story) {
    // Of the small coins that come and go it lists two in three.
    const hours = turn === null ? HOURS.get(name) : turn % 3 > 0 ? 4 : undefined;
    if (hours === undefined) return [];
    const times = BY_THE_THOUSAND.has(name) ? multiplier : 1;
    const base = times === 1 ? name : `${times}${name}`;
    const listing = (ending: string, quote: string, part: number): DemoListing => ({
      symbol: `${base}${ending}`,
      base,
      quote,
      settle: quote === 'USD' ? name : quote,
      ...(quote === 'USD' && ({ contract: 'inverse' } as const)),
      multiplier: times,
      intervalAt: name === 'ARB' ? (t: number) => story.adjustedIntervalH(t) : always(hours),
      part,
    });
    return [
      listing('USDT', 'USDT', 1),
      ...(IN_USDC.has(name) ? [listing('PERP', 'USDC', 0.04)] : []),
      ...(IN_COIN.has(name) ? [listing('USD', 'USD', 0.06)] : []),
    ];
  },
  wire: createBitgetWire,
};
