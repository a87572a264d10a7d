import { always } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { LISTED } from './listed.ts';
import { createLighterWire } from './wire.ts';

export const LIGHTER_DEMO: DemoVenue = {
  id: 'lighter',
  traits: {
    bias: 0.00005,
    share: 0.015,
    lagMs: 65 * 60_000,
    cap: 0.005,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 2_000,
  },
  listings({ name, multiplier }) {
    if (!LISTED.includes(name)) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    return [{ symbol: base, base, quote: 'USD', settle: 'USDC', intervalAt: always(1), part: 1 }];
  },
  wire: createLighterWire,
};
