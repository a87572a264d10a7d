import { afterEach, expect, test } from 'vitest';
import { createWires } from '#node/demo/market.ts';
import { HOUR, World } from '#test/support/world.ts';

/** A venue without settlements, by its own code over its part of the demo market: the hour that ends is asked for, and counted as it will be later. */
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 9, 14, 0, 50);
const ID = 'deribit:BTC-PERPETUAL';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

test('the accrual of a clock hour is stored soon after its end; the rate shown is the quote for 8 h', async () => {
  const settings = (one: World['settings']): World['settings'] => ({
    ...one,
    lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items: [ID] }],
    venues: { deribit: { enabled: true, url: null, pollSeconds: 60, olderHistory: false } },
  });
  world = new World({ start: NOW, venues: ['deribit'], wires: createWires(5).wires, settings });
  await world.start();
  await world.clock.advance(5 * MINUTE);
  const end = Date.UTC(2026, 9, 14, 1);
  expect((await world.store.settled(ID, end - 1, end)).key).toHaveLength(0);
  await world.clock.advance(7 * MINUTE);
  const { key, intervalH } = await world.store.settled(ID, end - 2 * HOUR, end);
  expect([...key]).toEqual([end - HOUR, end]);
  expect([...intervalH]).toEqual([1, 1]);
  const [row] = await world.call('watchlist.rows', { asOf: null });
  expect(row).toMatchObject({ continuous: true, intervalH: 8, statedH: null, nextFundingAt: null });
  expect(row?.f).toBeCloseTo((row?.rate ?? NaN) / 8, 15);
});
