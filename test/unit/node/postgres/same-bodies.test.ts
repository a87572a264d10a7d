import { afterAll, describe, expect, test } from 'vitest';
import { HttpError } from '#core/venue-error.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';
import { readAll } from './read-all.ts';
import { openOn, server, targetOf } from './support.ts';

/*
 * Two collectors on clocks that go alike, asking exchanges that answer alike: the same bodies arrive at the same times. One records into a
 * file and one into PostgreSQL, and each plans by what its own store says. All that can be read afterwards is the same, to the last bit.
 */
const MINUTE = 60_000;
const venues = ['binance', 'bybit'];
const watched = ['binance:BTCUSDT', 'bybit:BTCUSDT'];
const FROM = START - 3 * HOUR;
/** Then one exchange says nothing. */
const silent = { from: START + 25 * MINUTE, to: START + 95 * MINUTE };

const worlds: World[] = [];
afterAll(() => {
  for (const world of worlds) world.dispose();
});

function worldOn(openStore?: WorldOptions['openStore']): World {
  const world = new World({
    venues,
    wires: fewWires(['BTC', 'SOL']),
    settings: (all) => ({
      ...all,
      lists: [{ id: 'all', name: 'All', assets: [], seeded: [], items: watched }],
      venues: Object.fromEntries(venues.map((id) => [id, { enabled: true, url: null, pollSeconds: 300 }])),
    }),
    between: (id, answer, now) => {
      if (id === 'bybit' && now > silent.from && now < silent.to) throw new HttpError('network', 'it says nothing');
      return answer(now);
    },
    ...(openStore !== undefined && { openStore }),
  });
  worlds.push(world);
  return world;
}

async function recorded(world: World) {
  await world.start();
  await world.clock.advance(1.2 * HOUR);
  // All that it knows comes from its store after that.
  await world.stop();
  await world.start();
  await world.clock.advance(1.6 * HOUR);
  const rows = await world.call('watchlist.rows', {});
  const read = await readAll(world.store, FROM, world.clock.now());
  const then = await readAll(world.store, FROM, world.clock.now(), START + 70 * MINUTE);
  await world.stop();
  return { rows, read, then };
}

describe.skipIf(server === null)('the same bodies at the same times', () => {
  test('a file and PostgreSQL say the same of all of it', async () => {
    const inFile = await recorded(worldOn());
    const inDatabase = await recorded(worldOn((_log, now) => openOn(targetOf(server?.port ?? 0, 'same_bodies'), now)));
    expect(inDatabase).toStrictEqual(inFile);
    // And that is something: every kind of fact is there, and the silence is a hole of hours and an event.
    const btc = inFile.read.of['bybit:BTCUSDT'] as {
      hours: { close: Float64Array };
      snapshots: { ts?: Float64Array };
      settled: { key: Float64Array };
    };
    expect(inFile.read.instruments.length).toBeGreaterThan(4);
    expect(btc.settled.key.length).toBeGreaterThan(0);
    expect(btc.hours.close.length).toBeGreaterThan(0);
    expect(inFile.read.events.map(({ kind }) => kind)).toContain('outage');
    expect(inFile.then).not.toStrictEqual(inFile.read);
  });
});
