import { always } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { createDeribitWire } from './wire.ts';

const IN_USDC: ReadonlySet<string> = new Set('BTC ETH SOL XRP DOGE ADA AVAX LINK NEAR LTC'.split(' '));
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH']);

export const DERIBIT_DEMO: DemoVenue = {
  id: 'deribit',
  traits: {
    bias: -0.00005,
    share: 0.03,
    lagMs: 50 * 60_000,
    cap: 0.005 / 8,
    divides: true,
    weighting: 'equal',
    // What accrues in a clock hour: there are no settlements.
    stampedAfterMs: () => 0,
    postedAfterMs: 1_000,
  },
  listings({ name }) {
    // It sells nothing by the thousand.
    const common = { base: name, multiplier: 1, intervalAt: always(1) };
    const linear: DemoListing[] = IN_USDC.has(name)
      ? [{ ...common, symbol: `${name}_USDC-PERPETUAL`, quote: 'USDC', settle: 'USDC', part: 0.2 }]
      : [];
    const inverse: DemoListing[] = IN_COIN.has(name)
      ? [{ ...common, symbol: `${name}-PERPETUAL`, quote: 'USD', settle: name, contract: 'inverse', part: 1 }]
      : [];
    return [...linear, ...inverse];
  },
  wire: createDeribitWire,
};
