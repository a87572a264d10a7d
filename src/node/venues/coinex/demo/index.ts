import { always, hoursByAsset } from '#node/demo/intervals.ts';
import type { DemoVenue } from '#node/demo/venue.ts';
import { CAP } from './cap.ts';
import { createCoinexWire } from './wire.ts';

const HOURS = hoursByAsset([
  [4, 'FET AIXBT IO'],
  [8, 'BTC ETH SOL XRP DOGE LINK BONK'],
]);
const IN_COIN: ReadonlySet<string> = new Set(['BTC', 'ETH']);

export const COINEX_DEMO: DemoVenue = {
  id: 'coinex',
  traits: {
    bias: 0.00003,
    share: 0.015,
    lagMs: 85 * 60_000,
    cap: CAP,
    divides: false,
    interestPer8h: 0,
    clamp: 0.0003,
    weighting: 'equal',
    stampedAfterMs: (x) => Math.floor(20_500 + 2_000 * x),
    postedAfterMs: 25_000,
  },
  listings({ name, multiplier }) {
    const hours = HOURS.get(name);
    if (hours === undefined) return [];
    const base = multiplier === 1 ? name : `${multiplier}${name}`;
    const intervalAt = always(hours);
    const linear = { symbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', intervalAt, part: 1 };
    const inverse = { symbol: `${base}USD`, base, quote: 'USD', settle: name, contract: 'inverse', intervalAt, part: 0.1 } as const;
    return IN_COIN.has(name) ? [linear, inverse] : [linear];
  },
  wire: createCoinexWire,
};
