import { expect, it } from 'vitest';
import { drawnOver, standsFor } from '#renderer/features/chart/compared.ts';
import { otherAt } from '#renderer/features/chart/reading.ts';
import { rowOf } from '../row.ts';

const one = (venue: string, asset: string, quote: string) => ({
  ...rowOf().instrument,
  id: `${venue}:${asset}${quote}`,
  venue,
  asset,
  quote,
});
const own = one('binance', 'ETH', 'USDT');
const peers = [own, one('bybit', 'ETH', 'USDC'), one('bybit', 'ETH', 'USDT'), one('okx', 'ETH', 'USD'), one('bybit', 'BTC', 'USDT')];
const idOf = (chosen: string): string | undefined => standsFor(chosen, own, peers)?.id;

it('what is compared follows the asset: itself, else its venue in the same money, else what the venue has', () => {
  expect(idOf('bybit:ETHUSDC')).toBe('bybit:ETHUSDC');
  expect(idOf('bybit:BTCUSDC')).toBe('bybit:ETHUSDT');
  expect(idOf('okx:SOLUSDT')).toBe('okx:ETHUSD');
  // Never the chart's own, which is the only one there.
  expect([idOf('binance:ETHUSDT'), idOf('binance:BTCUSDT'), idOf('gate:ETHUSDT')]).toEqual([undefined, undefined, undefined]);
});

it('a share of the same ticker is not compared with a coin', () => {
  const coin = { ...own, assetClass: 'crypto' as const };
  const share = { ...one('bybit', 'ETH', 'USDT'), assetClass: 'equity' as const };
  expect(standsFor('bybit:ETHUSDT', coin, [coin, share])).toBeNull();
  expect(standsFor('bybit:ETHUSDT', coin, [coin, { ...share, assetClass: null }])?.id).toBe('bybit:ETHUSDT');
});

it('draws each once, whatever it was chosen for', () => {
  expect(drawnOver(['bybit:BTCUSDT', 'bybit:SOLUSDT', 'okx:BTCUSD'], own, peers).map(({ id }) => id)).toEqual([
    'bybit:ETHUSDT',
    'okx:ETHUSD',
  ]);
});

it('another instrument is read at the same close, and at now by what it says now', () => {
  const HOUR = 3_600_000;
  const data = { time: Float64Array.of(HOUR, 2 * HOUR), f: Float64Array.of(0.1, 0.2) } as Parameters<typeof otherAt>[0];
  expect(otherAt(data, { f: 0.3 }, { t: 2 * HOUR, isNow: false })).toBe(0.2);
  expect(otherAt(data, { f: 0.3 }, { t: 2.2 * HOUR, isNow: true })).toBe(0.3);
  expect(otherAt(data, null, { t: 3 * HOUR, isNow: false })).toBeNaN();
  expect(otherAt(undefined, null, { t: HOUR, isNow: false })).toBeNaN();
});
