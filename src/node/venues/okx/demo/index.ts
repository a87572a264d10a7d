import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createOkxWire } from './wire.ts';

/** ARB changes. */
const HOURS = hoursByAsset([
  [1, 'FARTCOIN'],
  [2, 'KAITO'],
  [4, 'WLD VIRTUAL AIXBT ARKM IO ENA TRUMP HYPE'],
  [8, 'BTC ETH SOL XRP BNB DOGE RENDER NEAR GRT ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB BONK'],
]);
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL']);
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'LTC']);

export const OKX_DEMO: DemoVenue = {
  id: 'okx',
  traits: {
    bias: -0.0002,
    share: 0.2,
    lagMs: 35 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 1500,
  },
  listings({ name, turn }, story) {
    // Of the small coins that come and go it lists every other one.
    const hours = turn === null ? HOURS.get(name) : turn % 2 === 0 ? 4 : undefined;
    if (hours === undefined) return [];
    const listing = (quote: string, part: number): DemoListing => ({
      symbol: `${name}-${quote}-SWAP`,
      base: name,
      quote,
      settle: quote === 'USD' ? name : quote,
      ...(quote === 'USD' && ({ contract: 'inverse' } as const)),
      multiplier: 1,
      intervalAt: name === 'ARB' ? (t: number) => story.adjustedIntervalH(t) : always(hours),
      part,
    });
    return [
      listing('USDT', 1),
      ...(IN_USDC.has(name) ? [listing('USDC', 0.05)] : []),
      ...(IN_COIN.has(name) ? [listing('USD', 0.15)] : []),
    ];
  },
  wire: createOkxWire,
};
