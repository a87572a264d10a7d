import { always } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP_8H } from './terms.ts';
import { createParadexWire } from './wire.ts';

const LISTED = new Set('BTC ETH SOL XRP BNB DOGE AVAX LINK NEAR AAVE SUI PEPE AIXBT IO'.split(' '));

export const PARADEX_DEMO: DemoVenue = {
  id: 'paradex',
  traits: {
    bias: 0.00003,
    share: 0.006,
    lagMs: 80 * 60_000,
    cap: CAP_8H / 8,
    divides: true,
    weighting: 'equal',
    // What accrues in a clock hour: there are no settlements.
    stampedAfterMs: () => 0,
    postedAfterMs: 0,
  },
  listings: ({ name, multiplier }) => {
    if (!LISTED.has(name)) return [];
    const base = multiplier === 1 ? name : `k${name}`;
    return [{ symbol: `${base}-USD-PERP`, base, quote: 'USD', settle: 'USDC', intervalAt: always(1), part: 1 }];
  },
  wire: createParadexWire,
};
