import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createMexcWire } from './wire.ts';

const HOURS = hoursByAsset([
  [4, 'FET AIXBT IO FARTCOIN'],
  [8, 'BTC ETH SOL XRP DOGE LINK BONK'],
]);
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH']);

export const MEXC_DEMO: DemoVenue = {
  id: 'mexc',
  traits: {
    bias: 0.00006,
    share: 0.05,
    lagMs: 65 * 60_000,
    cap: CAP,
    divides: false,
    weighting: 'equal',
    stampedAfterMs: () => 0,
    postedAfterMs: 3_000,
  },
  listings({ name, multiplier }) {
    const hours = HOURS.get(name);
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    const intervalAt = always(hours);
    const linear = { symbol: `${base}_USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt, part: 1 };
    const inverse = { symbol: `${base}_USD`, base, quote: 'USD', settle: name, contract: 'inverse', intervalAt, part: 0.08 } as const;
    return IN_COIN.has(name) ? [linear, inverse] : [linear];
  },
  wire: createMexcWire,
};
