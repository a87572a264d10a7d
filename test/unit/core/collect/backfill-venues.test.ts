import { afterEach, expect, test } from 'vitest';
import { instrumentId, type InstrumentId, type VenueId } from '#domain/instrument.ts';
import type { Venue, VenueIo } from '#core/venue.ts';
import { createWires, demoVenues } from '#node/demo/market.ts';
import type { Wire } from '#node/demo/wire.ts';
import { createVenues } from '#node/venues/index.ts';
import { HOUR, World } from '#test/support/world.ts';

/**
 * Back-fill of every venue that has a folder, by its own code over its own part of the demo market: what is cancelled stays cancelled, what
 * goes on goes on where it was, everything that is served is stored once, what is not served is shown and asked for again a day later.
 */
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 9, 14, 0, 30);
const IDS: readonly VenueId[] = demoVenues().map(({ id }) => id);
const { wires } = createWires(5);

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const wireOf = (id: VenueId): Wire => {
  const wire = wires[id];
  if (wire === undefined) throw new Error(`no wire of ${id}`);
  return wire;
};
/** Straight to the wire: what the venue would tell anybody. */
const ioOf = (id: VenueId, now: number): VenueIo => ({
  now,
  request({ method = 'GET', path, body }) {
    const url = new URL(path, 'http://127.0.0.1');
    const answer = wireOf(id)(
      { method, path: url.pathname, query: url.searchParams, body: body === undefined ? '' : JSON.stringify(body) },
      now,
    );
    return answer.status === 200 ? Promise.resolve(answer.body) : Promise.reject(new Error(`${answer.status}: ${answer.body}`));
  },
});
async function served(venue: Venue, symbol: string, from: number, now: number): Promise<number[]> {
  const stamps: number[] = [];
  for await (const { rows } of venue.settled(ioOf(venue.id, now), symbol, from, now)) stamps.push(...rows.map(({ stamp }) => stamp));
  return stamps.sort((a, b) => a - b);
}

test('every venue: cancelled, gone on with after a kill, whole, never twice, and a whole one is not asked for again', async () => {
  const venues = createVenues().filter(({ id }) => IDS.includes(id));
  const watched = new Map<VenueId, InstrumentId>();
  for (const venue of venues) {
    const { instruments, snapshots } = await venue.poll(ioOf(venue.id, NOW));
    const told = new Set(snapshots.map(({ symbol }) => symbol));
    const one = instruments.find(({ asset, symbol }) => asset === 'BTC' && told.has(symbol)) ?? instruments[0];
    if (one !== undefined) watched.set(venue.id, instrumentId(venue.id, one.symbol));
  }
  const asked: { readonly id: VenueId; readonly what: string; readonly at: number }[] = [];
  const counted = Object.fromEntries(
    IDS.map((id): [VenueId, Wire] => [
      id,
      (request, now) => {
        asked.push({ id, what: `${request.path}?${request.query.toString()} ${request.body}`, at: now });
        return wireOf(id)(request, now);
      },
    ]),
  );
  const settings =
    (older: boolean) =>
    (one: World['settings']): World['settings'] => ({
      ...one,
      lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items: [...watched.values()] }],
      venues: Object.fromEntries(IDS.map((id) => [id, { enabled: true, url: null, pollSeconds: 3600, olderHistory: older }])),
    });
  world = new World({ start: NOW, venues: IDS, wires: counted, settings: settings(false) });
  const keysOf = async (id: VenueId): Promise<number[]> => [
    ...(await world.store.settled(watched.get(id) ?? '', 0, world.clock.now())).stamp,
  ];

  await world.start();
  await world.clock.advance(MINUTE);
  for (const id of IDS) {
    const health = await world.health(id);
    expect(health, id).toMatchObject({ cancelled: true, backfilling: 0 });
    const [oldest = 0] = await keysOf(id);
    expect(oldest, id).toBeGreaterThan(NOW - 40 * DAY);
  }
  const cancelled = asked.length;
  await world.clock.advance(20_000);
  // Order books go on; nothing of the history does.
  const history = /history|funding-rate|fundingRate|funding_rate|kline|candle|chart/iu;
  expect(asked.slice(cancelled).filter(({ what }) => history.test(what) && /time|start|from|since|end|after/iu.test(what))).toEqual([]);

  for (const id of IDS) await world.call('venues.change', { venue: id, change: { olderHistory: true } });
  await world.clock.advance(3_000);
  await world.stop();
  await world.start();
  await world.clock.advance(150_000);
  const whole = world.clock.now();
  for (const venue of venues) {
    const { id } = venue;
    const symbol = (watched.get(id) ?? '').slice(id.length + 1);
    const stored = await keysOf(id);
    const health = await world.health(id);
    expect(health.backfilling, `${id}: ${JSON.stringify(health.holes)}`).toBe(0);
    expect(new Set(stored).size, id).toBe(stored.length);
    const from = (await venue.oldest(ioOf(id, whole), symbol)) ?? whole;
    // The newest one may have been posted since it was asked for.
    expect(
      stored.filter((stamp) => stamp < NOW),
      id,
    ).toEqual((await served(venue, symbol, from - 1, whole)).filter((stamp) => stamp < NOW));
    expect(stored.length, id).toBeGreaterThan(30);
  }
  // A complete history is not asked for again by the next start.
  await world.stop();
  const before = asked.length;
  await world.start();
  await world.clock.advance(15_000);
  const again = asked.slice(before);
  for (const id of IDS) expect(again.filter((one) => one.id === id && history.test(one.what)).length, id).toBeLessThan(14);
}, 120_000);
