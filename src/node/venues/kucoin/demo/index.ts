import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createKucoinWire } from './wire.ts';
import { nameOf } from './words.ts';

/** OP changes. */
const HOURS = hoursByAsset([
  [4, 'FET TAO RENDER WLD GRT VIRTUAL AIXBT KAITO ARKM IO ENA TRUMP HYPE FARTCOIN'],
  [8, 'BTC ETH SOL XRP BNB DOGE NEAR ADA AVAX LINK LTC SUI AAVE ARB OP INJ PEPE SHIB BONK'],
]);
const IN_USDC: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP']);
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH', 'SOL', 'XRP']);

export const KUCOIN_DEMO: DemoVenue = {
  id: 'kucoin',
  traits: {
    bias: 0.00005,
    share: 0.04,
    lagMs: 50 * 60_000,
    cap: CAP,
    divides: false,
    weighting: 'rising',
    stampedAfterMs: () => 0,
    postedAfterMs: 2_000,
  },
  listings({ name, multiplier, turn }, story) {
    // Of the small coins that come and go it lists every third one.
    const hours = turn === null ? HOURS.get(name) : turn % 3 === 0 ? 4 : undefined;
    if (hours === undefined) return [];
    // SHIB is sold one by one, in contracts of a hundred thousand.
    const sold = name === 'SHIB' ? 1 : multiplier;
    const base = sold === 1 ? nameOf(name) : `${sold}${name}`;
    const intervalAt = name === 'OP' ? (t: number) => story.adjustedIntervalH(t) : always(hours);
    const listing = (quote: string, part: number): DemoListing => ({
      symbol: `${base}${quote}M`,
      base,
      quote,
      settle: quote === 'USD' ? name : quote,
      ...(quote === 'USD' && ({ contract: 'inverse' } as const)),
      multiplier: sold,
      intervalAt,
      part,
    });
    return [listing('USDT', 1), ...(IN_USDC.has(name) ? [listing('USDC', 0.03)] : []), ...(IN_COIN.has(name) ? [listing('USD', 0.1)] : [])];
  },
  wire: createKucoinWire,
};
