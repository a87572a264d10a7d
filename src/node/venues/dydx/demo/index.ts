import { always } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './margins.ts';
import { createDydxWire } from './wire.ts';

const LISTED = new Set('BTC ETH SOL XRP BNB DOGE AVAX LINK NEAR AAVE SUI ARB BONK PEPE AIXBT IO'.split(' '));

export const DYDX_DEMO: DemoVenue = {
  id: 'dydx',
  traits: {
    bias: 0.00006,
    share: 0.008,
    lagMs: 60 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    // The first block of the hour.
    stampedAfterMs: (x) => Math.floor(15 + 900 * x),
    postedAfterMs: 2_000,
  },
  listings: ({ name }) =>
    LISTED.has(name)
      ? [{ symbol: `${name}-USD`, base: name, quote: 'USD', settle: 'USDC', multiplier: 1, intervalAt: always(1), part: 1 }]
      : [],
  wire: createDydxWire,
};
