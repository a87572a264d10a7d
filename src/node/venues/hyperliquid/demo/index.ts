import { always } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { DEXES } from './dexes.ts';
import { createHyperliquidWire } from './wire.ts';

const NOT_LISTED: ReadonlySet<string> = new Set(['VADER']);

export const HYPERLIQUID_DEMO: DemoVenue = {
  id: 'hyperliquid',
  traits: {
    // It leans above the interest rate, as a year of real settlements does.
    bias: 0.00012,
    share: 0.18,
    lagMs: 0,
    cap: 0.04,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: (x) => Math.floor(75 * x + 186 * x ** 40),
    postedAfterMs: 800,
  },
  listings({ name, multiplier, turn }) {
    if (NOT_LISTED.has(name) || (turn !== null && turn % 3 === 0)) return [];
    const base = multiplier === 1 ? name : `k${name}`;
    return [{ symbol: base, base, quote: 'USD', settle: 'USDC', intervalAt: always(1), part: 1 }];
  },
  wire: createHyperliquidWire,
};

/** Builders' dexes of the demo: two of them list some of the same coins, one with the thousands that the exchange writes with a k. */
export const BUILDERS_DEMO: DemoVenue = {
  id: 'hyperliquid-hip3',
  traits: { ...HYPERLIQUID_DEMO.traits, bias: 0.00004, share: 0.02 },
  listings({ name, multiplier, turn }) {
    const base = multiplier === 1 ? name : `k${name}`;
    return turn !== null
      ? []
      : DEXES.filter(({ lists }) => lists.has(name)).map(({ dex, settle, part }) => ({
          symbol: `${dex}:${base}`,
          base,
          quote: 'USD',
          settle,
          intervalAt: always(1),
          part,
        }));
  },
  wire: createHyperliquidWire,
};
