import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VenueId } from '#domain/instrument.ts';
import { dataPaths } from '#node/data-dir.ts';
import { createWires } from '#node/demo/market.ts';
import { DEMO_SEED } from '#node/open-app.ts';
import { chooseVenues } from './demo-folder.ts';
import { World } from './world.ts';

const MINUTE = 60_000;
/** Half a minute after a poll, when all that followed a close is there. In the future: the demo goes on where its folder ends, but not before today. */
export const STANDS_AT = Date.UTC(2035, 2, 21, 10, 14, 30);
/** Late enough to be quick, and early enough that what the first hours asked for is told of. */
const BEGINS_AT = STANDS_AT - 90 * MINUTE;
/** A venue is polled rarely: each poll costs. */
const POLL_SECONDS = 90;
export const STANDING_VENUES: readonly VenueId[] = ['binance', 'bybit'];

/** A folder whose demo market ends at `STANDS_AT` with its whole history: made on a clock of its own, so that it is the same every time. */
export async function makeStandingFolder(folder: string): Promise<void> {
  const world = new World({
    start: BEGINS_AT,
    venues: STANDING_VENUES,
    wires: createWires(DEMO_SEED).wires,
    kind: 'demo',
    settings: (usual) => ({
      ...usual,
      venues: Object.fromEntries(Object.entries(usual.venues).map(([id, venue]) => [id, { ...venue, pollSeconds: POLL_SECONDS }])),
    }),
  });
  try {
    await world.start();
    await world.clock.until(STANDS_AT);
    const unfinished = (await world.call('venues.health', {})).filter(({ backfilling }) => backfilling > 0);
    if (unfinished.length > 0) throw new Error(`Not fetched whole: ${unfinished.map(({ id }) => id).join(', ')}`);
    await world.stop();
    chooseVenues(folder, STANDING_VENUES);
    const { database, person } = dataPaths(folder, true);
    await copyFile(join(world.dir, 'history.sqlite'), database);
    await copyFile(join(world.dir, 'person.sqlite'), person);
  } finally {
    world.dispose();
  }
}
