import { afterEach, expect, test } from 'vitest';
import { World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const looks = (): number => world.asked.get('backUp') ?? 0;

test('backups are looked at a quarter of an hour after the start, and then every hour', async () => {
  // The hour's own look comes 56 minutes later: a terminal that runs for half an hour a day never saw it.
  world = new World({ start: Date.UTC(2026, 9, 1, 0, 10) });
  await world.start();
  await world.clock.advance(14 * MINUTE);
  expect(looks()).toBe(0);
  await world.clock.advance(2 * MINUTE);
  expect(looks()).toBe(1);
  await world.clock.advance(39 * MINUTE);
  expect(looks()).toBe(1);
  await world.clock.advance(3 * MINUTE);
  expect(looks()).toBe(2);
  await world.clock.advance(60 * MINUTE);
  expect(looks()).toBe(3);
});
