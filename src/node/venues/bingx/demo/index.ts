import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createBingxWire } from './wire.ts';

const HOURS = hoursByAsset([
  [1, 'ADA'],
  [4, 'FET AIXBT IO VIRTUAL FARTCOIN'],
  [8, 'BTC ETH SOL XRP DOGE LINK BONK'],
]);

export const BINGX_DEMO: DemoVenue = {
  id: 'bingx',
  traits: {
    bias: 0.00007,
    share: 0.04,
    lagMs: 70 * 60_000,
    cap: CAP,
    divides: false,
    weighting: 'rising',
    stampedAfterMs: () => 0,
    postedAfterMs: 4_000,
  },
  listings({ name, multiplier }) {
    const hours = HOURS.get(name);
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    return [{ symbol: `${base}-USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt: always(hours), part: 1 }];
  },
  wire: createBingxWire,
};
