import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createWooWire } from './wire.ts';

const HOURS = hoursByAsset([
  [4, 'FET AIXBT IO'],
  [8, 'BTC ETH SOL XRP DOGE AVAX BONK'],
]);

export const WOO_DEMO: DemoVenue = {
  id: 'woo',
  traits: {
    bias: 0.00004,
    share: 0.006,
    lagMs: 80 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 5_000,
  },
  listings({ name }) {
    const hours = HOURS.get(name);
    if (hours === undefined) return [];
    // Nothing is sold by the thousand.
    return [{ symbol: `PERP_${name}_USDT`, base: name, quote: 'USDT', settle: 'USDT', multiplier: 1, intervalAt: always(hours), part: 1 }];
  },
  wire: createWooWire,
};
