import { expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { hindsightNote, wholeNote } from '#core/read/evidence/labels.ts';
import { openStore, poll, T0 } from '#test/unit/node/history/support.ts';

const of = (id: string, delistedAt: number | null = null) => ({ id, venue: id.slice(0, 1), delistedAt });

const REST = { asset: 'A', quote: 'USDT', settle: 'USDT' };

test('of a chosen set it is counted which delisted instruments of its venues are not in it, and which not in the store', async () => {
  const [chosen, gone] = [
    [of('a:1'), of('a:2', 5)],
    [of('a:3', 5), of('a:4', 6), of('a:5'), of('a:6', 7), of('b:1', 5)],
  ];
  const known = [...chosen, ...gone].map((one) =>
    newInstrument({ venue: one.venue, symbol: one.id.slice(2), ...REST, delistedAt: one.delistedAt }),
  );
  const { store, clock } = openStore();
  store.recordPoll(poll(clock.now, [], { venue: 'a', instruments: known.filter(({ venue }) => venue === 'a') }));
  store.recordSettled('a:3', [{ stamp: T0, rate: 1e-4, intervalH: 8, mark: null, premium: null }], clock.now, null);
  const note = await hindsightNote({ learntBy: (...input) => Promise.resolve(store.learntBy(...input)) }, chosen, known);
  store.close();
  expect(note).toMatch(/of their venues 3 delisted ones are known and not in the set, of 2 of which no settlement is in the store/u);
  expect(wholeNote(known)).toMatch(/^5 of 7 instruments are delisted and in it until then/u);
});
