import { newInstrument } from '#domain/instrument.ts';
import { expect, test } from 'vitest';
import { entryText } from '#core/read/signal-news.ts';
import type { SignalEntry } from '#domain/signal.ts';

const tao = newInstrument({ venue: 'binance', symbol: 'TAOUSDT', asset: 'TAO', quote: 'USDT', settle: 'USDT' });
const entry: SignalEntry = {
  at: 0,
  startedAt: 0,
  side: 1,
  d: 0.00061,
  f: 0.0007,
  observations: 3,
  running: 3,
  crowded: true,
  neutralPerHour: null,
};
const said = (change: Partial<SignalEntry>, k = 3, neutral: number | null = 0.0000125): string => {
  const { title, body } = entryText(tao, 'Binance', { ...entry, neutralPerHour: neutral, ...change }, k);
  return `${title}, ${body}`;
};

test('an entry in words', () => {
  expect(said({})).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/h, 3 hours');
  expect(said({ observations: 1, running: 0 })).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/h, 3 hours, one settlement');
  expect(said({ observations: 1, running: 1 }, 1)).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/h, 1 hour');
  expect(said({ side: -1, d: -0.0012, f: -0.001 })).toBe('TAO/USDT on Binance: shorts crowded, D -0.120 %/h, 3 hours');
  expect(said({ side: -1, d: -0.0012, f: 0.001 })).toBe('TAO/USDT on Binance: longs easing, D -0.120 %/h, 3 hours');
  expect(said({ f: 0 })).toBe('TAO/USDT on Binance: shorts easing, D +0.061 %/h, 3 hours');
  expect(said({ d: 0.0000049 }, 3, null)).toBe('TAO/USDT on Binance: short bias, D +0.00049 %/h, 3 hours');
});
