import { expect, test } from 'vitest';
import { answerText, refusedText, withAnswer } from '../../../../src/renderer/features/import/answers.ts';

test.each([
  ['venue', 'okx', { venue: 'okx' }],
  ['symbols', 'BTC/USDT:USDT=BTCUSDT, ETHUSDT', { symbols: ['BTC/USDT:USDT=BTCUSDT', 'ETHUSDT'] }],
  ['columns', 'time=Date, rate=3, mark=', { columns: { time: 'Date', rate: '3', mark: '' } }],
  ['interval', '8', { interval: 8 }],
  ['interval', 'derived', { interval: 'derived' }],
  ['candleMinutes', '60', { candleMinutes: 60 }],
])('%s typed as %s is taken, and shown as it was typed', (field, text, wishes) => {
  const read = withAnswer({}, field, text);
  expect(read).toEqual(wishes);
  if (typeof read !== 'string') expect(answerText(read, field as 'venue')).toBe(text);
});

test('nothing takes an answer back; what cannot be meant is said', () => {
  expect(withAnswer({ venue: 'okx', zone: 'UTC' }, 'zone', ' ')).toEqual({ venue: 'okx' });
  expect(withAnswer({}, 'interval', '99')).toBe('Write stated, derived or hours.');
  expect(withAnswer({}, 'columns', 'when=Date')).toBe('Write time=Date, rate=3.');
});

test('refused lines as a file', () => {
  expect(refusedText([{ line: 3, reason: 'rate is a number, not "x".', kept: false }])).toBe(
    'line,left_out,reason\n3,line,"rate is a number, not ""x""."\n',
  );
});
