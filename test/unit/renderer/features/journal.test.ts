import { expect, test } from 'vitest';
import type { Note } from '#bridge/note.ts';
import { notesWith, tagsOf } from '../../../../src/renderer/features/journal/search.ts';

const note = (id: string, over: Partial<Note>): Note => ({
  ...{ id, instrument: null, at: 0, text: '', tags: [], scenario: null, writtenAt: 0, changedAt: 0 },
  ...over,
});
const notes = [
  note('a', { instrument: 'binance:BTCUSDT', text: 'Longs are crowded', tags: ['crowded', 'fomc'] }),
  note('b', { text: 'Quiet week', tags: ['fomc'], scenario: { id: 's', name: 'Breakout' } }),
];
const found = (text: string): string[] => notesWith(notes, text, () => 'BTC/USDT Binance USD-M').map(({ id }) => id);

test('every word must be held somewhere: text, name of the instrument, scenario or tags', () => {
  expect([found(''), found('  '), found('CROWDED longs'), found('btc/usdt'), found('breakout'), found('crowded week')]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a'],
    ['a'],
    ['b'],
    [],
  ]);
});

test('a word with # is looked for among tags only, by its beginning', () => {
  expect([found('#fo'), found('#longs'), found('#fomc quiet'), found('#')]).toEqual([['a', 'b'], [], ['b'], ['a', 'b']]);
  expect(tagsOf(notes)).toEqual([
    ['fomc', 2],
    ['crowded', 1],
  ]);
});
