import { always } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createBackpackWire } from './wire.ts';

const LISTED = new Set('BTC ETH SOL XRP DOGE SUI AAVE BONK PEPE IO NEAR'.split(' '));

export const BACKPACK_DEMO: DemoVenue = {
  id: 'backpack',
  traits: {
    bias: 0.00005,
    share: 0.007,
    lagMs: 55 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 1_000,
  },
  listings({ name, multiplier }) {
    if (!LISTED.has(name)) return [];
    const base = multiplier === 1 ? name : `k${name}`;
    return [{ symbol: `${base}_USDC_PERP`, base, quote: 'USDC', settle: 'USDC', intervalAt: always(1), part: 1 }];
  },
  wire: createBackpackWire,
};
