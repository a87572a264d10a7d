import { afterEach, expect, test } from 'vitest';
import { createWires } from '#node/demo/market.ts';
import { World } from '#test/support/world.ts';

const ID = 'hyperliquid-hip3';
const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
/** Dexes of which something is recorded, and whether a contract of theirs is called delisted. */
async function dexes(): Promise<Readonly<Record<string, boolean>>> {
  const latest = (await world.store.latest()).filter(({ instrument }) => instrument.venue === ID);
  const of = (symbol: string): string => symbol.split(':')[0] ?? '';
  const names = [...new Set(latest.map(({ instrument }) => of(instrument.symbol)))].sort();
  return Object.fromEntries(
    names.map((dex) => [dex, latest.some(({ instrument, delisted }) => of(instrument.symbol) === dex && delisted)]),
  );
}

test('of a venue with parts those that a person chooses are asked, from the next poll on; the others keep what is known of them', async () => {
  world = new World({ venues: [ID], wires: createWires(1).wires });
  await world.start();
  await world.clock.advance(MINUTE);
  expect(await dexes()).toEqual({ xyz: false });

  await world.call('venues.change', { venue: ID, change: { parts: ['hyna'] } });
  await world.clock.advance(5 * MINUTE);
  expect(await dexes()).toEqual({ hyna: false, xyz: false });
  const health = await world.health(ID);
  expect(health).toMatchObject({ state: 'healthy', missing: 0 });

  await world.call('venues.change', { venue: ID, change: { parts: ['abcd'] } });
  await world.clock.advance(MINUTE);
  expect((await world.health(ID)).error).toContain('no dex named abcd now. Choose others in Venues.');

  // Back to the usual ones.
  await world.call('venues.change', { venue: ID, change: { parts: null } });
  await world.clock.advance(10 * MINUTE);
  expect(await world.health(ID)).toMatchObject({ state: 'healthy', error: null });
});
