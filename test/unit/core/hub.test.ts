import { expect, test } from 'vitest';
import { unknownInstrument } from '#core/listings.ts';
import { createHub } from '#core/hub.ts';
import type { WatchRow } from '#bridge/contract.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { rowOf } from '../renderer/row.ts';

test('rows that changed come four times a second, each once, in events that a page takes in between two frames', async () => {
  const clock = new FakeClock(0);
  const told: string[][] = [];
  const hub = createHub(clock, {
    rows: (ids) => [...ids].map((id): WatchRow => rowOf({ instrument: unknownInstrument(id) })),
    health: () => [],
    onError: (error) => {
      throw error;
    },
  });
  hub.listen((name, payload) => {
    if (name === 'watchlist.change') told.push((payload as WatchRow[]).map(({ instrument }) => instrument.id));
  });
  const ids = Array.from({ length: 100 }, (_, i) => `v:C${i}`);
  hub.rows(ids);
  hub.rows(ids.slice(0, 50));
  await clock.advance(249);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told.map(({ length }) => length)).toEqual([20, 20, 20, 20, 20]);
  expect(told.flat()).toEqual(ids);
  await clock.advance(1000);
  expect(told).toHaveLength(5);
  hub.stop();
});

test('rows that change while no page listens are not told to the one that comes, which asks for all of them', async () => {
  const clock = new FakeClock(0);
  const hub = createHub(clock, {
    rows: (ids) => [...ids].map((id) => rowOf({ instrument: unknownInstrument(id) })),
    health: () => [],
    onError: () => undefined,
  });
  hub.rows(['v:EARLY']);
  const told: string[] = [];
  hub.listen((name, payload) => {
    if (name === 'watchlist.change') told.push(...(payload as WatchRow[]).map(({ instrument }) => instrument.id));
  });
  hub.rows(['v:LATER']);
  await clock.advance(1000);
  expect(told).toEqual(['v:LATER']);
  hub.stop();
});
