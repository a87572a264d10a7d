import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createGateWire } from './wire.ts';

/** ARB changes. */
const HOURS = hoursByAsset([
  [1, 'FARTCOIN TIBBIR'],
  [4, 'TAO WLD VIRTUAL AIXBT KAITO ARKM IO ENA TRUMP HYPE VADER'],
  [8, 'BTC ETH SOL XRP BNB DOGE FET RENDER NEAR GRT ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB BONK'],
]);

export const GATE_DEMO: DemoVenue = {
  id: 'gate',
  traits: {
    bias: 0.0001,
    share: 0.1,
    lagMs: 50 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 2_500,
  },
  listings({ name, turn }, story) {
    // It lists nearly every small coin that comes.
    const hours = turn === null ? HOURS.get(name) : turn % 3 === 0 ? undefined : 4;
    if (hours === undefined) return [];
    const listing = (quote: string, part: number): DemoListing => ({
      symbol: `${name}_${quote}`,
      base: name,
      quote,
      settle: quote === 'USD' ? name : quote,
      ...(quote === 'USD' && ({ contract: 'inverse' } as const)),
      multiplier: 1,
      intervalAt: name === 'ARB' ? (t: number) => story.adjustedIntervalH(t) : always(hours),
      part,
    });
    // Coin-settled there is the one of BTC.
    return [listing('USDT', 1), ...(name === 'BTC' ? [listing('USD', 0.05)] : [])];
  },
  wire: createGateWire,
};
