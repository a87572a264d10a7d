import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createAsterWire } from './wire.ts';

const HOURS = hoursByAsset([
  [4, 'FET AIXBT IO VIRTUAL'],
  [8, 'BTC ETH SOL XRP DOGE HYPE BONK'],
]);

export const ASTER_DEMO: DemoVenue = {
  id: 'aster',
  traits: {
    bias: 0.00008,
    share: 0.03,
    lagMs: 75 * 60_000,
    cap: CAP,
    divides: true,
    weighting: 'equal',
    stampedAfterMs: (x) => Math.floor(20 * x),
    postedAfterMs: 3_000,
  },
  listings({ name, multiplier }) {
    const hours = HOURS.get(name);
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    return [{ symbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt: always(hours), part: 1 }];
  },
  wire: createAsterWire,
};
