import { always } from '#node/demo/intervals.ts';
import type { DemoListing, DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './margins.ts';
import { createBitmexWire } from './wire.ts';

const LINEAR: ReadonlySet<string> = new Set('BTC ETH SOL XRP DOGE ADA LINK AVAX BONK AIXBT IO'.split(' '));
const INVERSE: ReadonlySet<string> = new Set(['BTC', 'ETH']);

export const BITMEX_DEMO: DemoVenue = {
  id: 'bitmex',
  traits: {
    bias: -0.00004,
    share: 0.01,
    lagMs: 70 * 60_000,
    cap: CAP,
    divides: false,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 3_000,
  },
  listings({ name }) {
    const base = name === 'BTC' ? 'XBT' : name;
    // It sells nothing by the thousand, and settles at 4, 12 and 20 h UTC.
    const common = { base, multiplier: 1, intervalAt: always(8), countedFromH: 4 };
    const linear: DemoListing[] = LINEAR.has(name) ? [{ ...common, symbol: `${base}USDT`, quote: 'USDT', settle: 'USDT', part: 1 }] : [];
    const inverse: DemoListing[] = INVERSE.has(name)
      ? [
          {
            ...common,
            symbol: name === 'BTC' ? 'XBTUSD' : `${name}USD_${name}`,
            quote: 'USD',
            settle: name,
            contract: 'inverse',
            part: 0.6,
          },
        ]
      : [];
    return [...linear, ...inverse];
  },
  wire: createBitmexWire,
};
