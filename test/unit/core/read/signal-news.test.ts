import { newInstrument } from '#domain/instrument.ts';
import { expect, test } from 'vitest';
import { entryText } from '#core/read/signal-news.ts';
import type { SignalEntry } from '#domain/signal.ts';
import type { RateUnit } from '#domain/units.ts';

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
const said = (change: Partial<SignalEntry>, k = 3, neutral: number | null = 0.0000125, unit: RateUnit = '1h'): string => {
  const { title, body } = entryText(tao, 'Binance', { ...entry, neutralPerHour: neutral, ...change }, k, unit);
  return `${title}, ${body}`;
};

test('an entry in words', () => {
  expect(said({})).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/1h, 3 hours');
  expect(said({ observations: 1, running: 0 })).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/1h, 3 hours, one settlement');
  expect(said({ observations: 1, running: 1 }, 1)).toBe('TAO/USDT on Binance: longs crowded, D +0.061 %/1h, 1 hour');
  expect(said({ side: -1, d: -0.0012, f: -0.001 })).toBe('TAO/USDT on Binance: shorts crowded, D -0.120 %/1h, 3 hours');
  expect(said({ side: -1, d: -0.0012, f: 0.001 })).toBe('TAO/USDT on Binance: longs easing, D -0.120 %/1h, 3 hours');
  expect(said({ f: 0 })).toBe('TAO/USDT on Binance: shorts easing, D +0.061 %/1h, 3 hours');
  expect(said({ d: 0.0000049 }, 3, null)).toBe('TAO/USDT on Binance: short bias, D +0.00049 %/1h, 3 hours');
});

test('D is told in the unit that the screen shows; of instruments of several intervals none is one, so per 8 h', () => {
  expect(said({}, 3, null, '8h')).toContain('D +0.488 %/8h');
  expect(said({}, 3, null, 'interval')).toContain('D +0.488 %/8h');
  expect(said({}, 3, null, 'apr')).toContain('D +534.360 % APR');
});
