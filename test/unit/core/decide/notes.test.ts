import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { Note, NoteSave } from '#bridge/note.ts';
import { createNotes } from '#core/decide/notes.ts';
import { unknownInstrument } from '#core/listings.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const BTC = 'alpha:BTCUSDT';
/** An hour's close of before the market of the test began to tell. */
const FROM = Math.floor(START / HOUR) * HOUR - 200 * 24 * HOUR;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(): Promise<World> {
  world = new World({ venues: ['alpha'] });
  world.market('alpha').oldestAt = START - 3 * 24 * HOUR;
  world.market('alpha').list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(MINUTE);
  return world;
}
const written = (over: Partial<NoteSave> = {}): NoteSave => ({
  ...{ id: null, instrument: BTC, at: START, text: 'Longs are crowded.', tags: ['crowded'], scenario: null },
  ...over,
});

test('a note is kept whole over a restart, and each of its versions stays in the file', async () => {
  await open();
  const one = await world.call('notes.save', written({ scenario: { id: 's1', name: 'Breakout' } }));
  expect(one).toMatchObject({
    instrument: BTC,
    at: START,
    text: 'Longs are crowded.',
    tags: ['crowded'],
    scenario: { id: 's1', name: 'Breakout' },
  });
  await world.clock.advance(MINUTE);
  const changed = await world.call('notes.save', { ...written({ text: 'They were.' }), id: one.id });
  expect(changed).toMatchObject({ id: one.id, writtenAt: one.writtenAt, changedAt: one.changedAt + MINUTE });
  await world.call('notes.save', written({ instrument: null, at: START + 1, text: 'FOMC', tags: ['Macro', 'macro'] }));
  await world.stop();
  await world.start();
  const notes = await world.call('notes.list', {});
  expect(notes.map(({ text, tags }) => [text, tags])).toEqual([
    ['FOMC', ['macro']],
    ['They were.', ['crowded']],
  ]);
  const db = new Database(join(world.dir, 'person.sqlite'), { readonly: true });
  expect(db.prepare("SELECT count(*) FROM facts WHERE kind = 'note' AND id = ?").pluck().get(one.id)).toBe(2);
  db.close();
});

test('every window is told of each change; a deleted note is gone, and what is not there cannot be changed', async () => {
  await open();
  const one = await world.call('notes.save', written());
  await world.call('notes.delete', { id: one.id });
  const told = world.events.filter(({ name }) => name === 'notes.change').map(({ payload }) => (payload as unknown[]).length);
  expect(told).toEqual([1, 0]);
  await expect(world.call('notes.save', { ...written(), id: one.id })).rejects.toThrow('That note does not exist any more.');
  await expect(world.call('notes.delete', { id: one.id })).rejects.toThrow('That note does not exist any more.');
  await expect(world.call('notes.save', written({ instrument: 'alpha:NONE' }))).rejects.toThrow();
  await expect(world.call('notes.save', written({ text: '  ' }))).rejects.toThrow();
  await expect(world.call('notes.save', written({ tags: ['two words'] }))).rejects.toThrow();
});

test('where the disk refuses nothing is acknowledged', async () => {
  await open();
  world.failingPerson.add('recordFacts');
  await expect(world.call('notes.save', written())).rejects.toThrow('The note could not be kept: the disk is full.');
  expect(await world.call('notes.list', {})).toEqual([]);
});

test('a row that cannot be read costs itself, and stays in the file', async () => {
  await open();
  await world.person.recordFacts([{ kind: 'note', id: 'broken', body: '{"at":"yesterday"}' }]);
  expect(await world.call('notes.list', {})).toEqual([]);
  const one = await world.call('notes.save', written());
  expect((await world.call('notes.list', {})).map(({ id }) => id)).toEqual([one.id]);
  expect((await world.person.facts('note')).map(({ id }) => id)).toContain('broken');
});

test('what came after a note is filled in by the store; what is not stored is not made up', async () => {
  await open();
  await world.store.recordPrices(
    BTC,
    [0, 1, 8].map((n) => ({ close: FROM + n * HOUR, mark: 100 + n, index: null, last: null })),
    FROM + 8 * HOUR,
    null,
  );
  await world.store.recordSettled(
    BTC,
    [{ stamp: FROM + 8 * HOUR, rate: 0.0002, intervalH: 8, mark: null, premium: null }],
    FROM + 8 * HOUR,
    { from: FROM - HOUR, to: FROM + 8 * HOUR },
  );
  const { id } = await world.call('notes.save', written({ at: FROM }));
  const [, eight, day] = await world.call('notes.after', { id });
  expect(eight).toMatchObject({ hours: 8, isOver: true, markFrom: 100, markTo: 108, funding: 0.0002, settlements: 1 });
  expect(day).toMatchObject({ hours: 24, isOver: true, markTo: null });
  const macro = await world.call('notes.save', written({ instrument: null }));
  expect(await world.call('notes.after', { id: macro.id })).toEqual([]);
});

test('a mark is that of the venue’s candle, and what was observed where there is none', async () => {
  await open();
  world.market('alpha').faults.set('/prices', { kind: 'network' });
  const first = Math.floor(START / HOUR) * HOUR + HOUR;
  await world.clock.until(first + HOUR + 10 * MINUTE);
  // Both hours were observed, at 100.
  await world.store.recordPrices(BTC, [{ close: first + HOUR, mark: 90, index: null, last: null }], world.clock.now(), null);
  const { id } = await world.call('notes.save', written({ at: first }));
  expect((await world.call('notes.after', { id }))[0]).toMatchObject({ hours: 1, isOver: true, markFrom: 100, markTo: 90 });
});

test('notes of one moment stand with the newest first, each its own, also where two are written in one millisecond', async () => {
  await open();
  for (const text of ['one', 'two']) await world.call('notes.save', written({ text }));
  await world.clock.advance(MINUTE);
  await world.call('notes.save', written({ text: 'three' }));
  await world.call('notes.save', written({ text: 'later', at: START + 1 }));
  const notes = await world.call('notes.list', {});
  expect(notes.map(({ text }) => text)).toEqual(['later', 'three', 'one', 'two']);
  expect(new Set(notes.map(({ id }) => id)).size).toBe(4);
});

test('what the person’s file turned out to hold is there once it is read again, and windows are told', async () => {
  await open();
  const told: (readonly Note[])[] = [];
  const notes = createNotes({
    ...{ clock: world.clock, person: world.person, store: world.store, reporter: { notice: () => undefined } },
    ...{ log: { write: () => undefined }, now: () => world.clock.now(), instrument: unknownInstrument },
    onChange: (all) => told.push(all),
  });
  const { id, ...body } = await notes.save(written());
  await world.person.recordFacts([{ kind: 'note', id: 'found', body: JSON.stringify({ ...body, text: 'Found.', at: START + 1 }) }]);
  expect((await notes.list()).map((one) => one.id)).toEqual([id]);
  await notes.reload();
  expect((await notes.list()).map(({ text }) => text)).toEqual(['Found.', 'Longs are crowded.']);
  expect(told.map((all) => all.length)).toEqual([1, 2]);
});
