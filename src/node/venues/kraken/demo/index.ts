import { always } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createKrakenWire } from './wire.ts';

const LINEAR: ReadonlySet<string> = new Set('BTC ETH SOL XRP DOGE LINK AIXBT IO FET BONK'.split(' '));
const INVERSE: ReadonlySet<string> = new Set(['BTC', 'ETH']);

export const KRAKEN_DEMO: DemoVenue = {
  id: 'kraken',
  traits: {
    bias: 0.00002,
    share: 0.02,
    lagMs: 90 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 4_000,
  },
  listings({ name }) {
    const base = name === 'BTC' ? 'XBT' : name;
    // It sells nothing by the thousand.
    const common = { base, quote: 'USD', multiplier: 1, intervalAt: always(1) };
    const linear: DemoListing[] = LINEAR.has(name) ? [{ ...common, symbol: `PF_${base}USD`, settle: 'USD', part: 1 }] : [];
    const inverse: DemoListing[] = INVERSE.has(name)
      ? [{ ...common, symbol: `PI_${base}USD`, settle: name, contract: 'inverse', part: 0.1 }]
      : [];
    return [...linear, ...inverse];
  },
  wire: createKrakenWire,
};
