import { writeSync } from 'node:fs';
import { ballastOn } from '#test/support/ballast.ts';
import { HOUR, World } from '#test/support/world.ts';

/** Starts an app on a full disk, lets settlements pass, gives room, and prints what of them is in the file then. */
const { fill, free } = ballastOn(process.argv[2] ?? '');
const MINUTE = 60_000;
const world = new World();
const market = world.market();
market.oldestAt = world.clock.now() - 40 * 24 * HOUR;
for (const asset of ['BTC', 'ETH']) market.list(`${asset}USDT`, { asset, intervalH: () => 1 });
const keysAfter = async (since: number): Promise<number> => (await world.store.settled('alpha:BTCUSDT', since, Infinity)).key.length;

await world.start();
await world.clock.advance(5 * MINUTE);
await world.stop();
await world.store.close();
const stoppedAt = world.clock.now();

fill();
await world.start();
await world.clock.advance(3 * HOUR);
const seenWhileFull = await keysAfter(stoppedAt);
const noticesWhileFull = (await world.store.status()).notices;
free();
await world.clock.advance(5 * MINUTE);
const { backfilling } = await world.health();
const notices = (await world.store.status()).notices;
await world.stop();
await world.store.close();

// What the file holds, before anything can be fetched again.
market.fault = { kind: 'network' };
await world.start();
const kept = await keysAfter(stoppedAt);
const prices = (await world.store.prices('alpha:BTCUSDT', stoppedAt, Infinity)).close.length;
await world.stop();
world.dispose();

writeSync(1, JSON.stringify({ seenWhileFull, noticesWhileFull, backfilling, notices, kept, prices }));
