import { expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { hindsightNote, wholeNote } from '#core/read/evidence/labels.ts';

const of = (id: string, delistedAt: number | null = null) => ({ id, venue: id.slice(0, 1), delistedAt });

const REST = { asset: 'A', quote: 'USDT', settle: 'USDT' };

test('of a chosen set it is counted which delisted instruments of its venues are not in it', () => {
  const [chosen, gone] = [
    [of('a:1'), of('a:2', 5)],
    [of('a:3', 5), of('a:4', 6), of('a:5'), of('b:1', 5)],
  ];
  const known = [...chosen, ...gone].map((one) =>
    newInstrument({ venue: one.venue, symbol: one.id.slice(2), ...REST, delistedAt: one.delistedAt }),
  );
  expect(hindsightNote(chosen, known)).toMatch(/of their venues 2 delisted ones are in the store and not in the set/u);
  expect(wholeNote(known)).toMatch(/^4 of 6 instruments are delisted and in it until then/u);
});
