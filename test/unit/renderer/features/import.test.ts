import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerText, refusedTable, withAnswer } from '../../../../src/renderer/features/import/answers.ts';

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

test('refused lines leave the app as a table: no panel makes a download of its own, for a page of the desktop downloads nothing', () => {
  const { name, columns } = refusedTable('a.csv', [{ line: 3, reason: 'rate is a number, not "x".', kept: false }]);
  expect([name, columns.map((column) => [column.name, ...column.values])]).toEqual([
    'a.csv refused',
    [
      ['line', 3],
      ['left_out', 'line'],
      ['reason', 'rate is a number, not "x".'],
    ],
  ]);
  const renderer = join(import.meta.dirname, '../../../../src/renderer');
  const makers = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:ts|svelte)$/u.test(file) && readFileSync(join(renderer, file), 'utf8').includes('createObjectURL('),
  );
  expect(makers.map((file) => file.replaceAll('\\', '/'))).toEqual(['features/exports/out.ts']);
});
