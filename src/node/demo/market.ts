import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { VenueId } from '#domain/instrument.ts';
import { EXCHANGES } from '../venues/index.ts';
import { Contracts } from './contracts.ts';
import { Process } from './process.ts';
import { startDemoServer } from './server.ts';
import { Story, type OutagePhase } from './story.ts';
import type { DemoVenue } from './venue.ts';
import type { Model, Wires } from './wire.ts';

/** No outage begins in the first real minutes, so that a first start has its history before it sees one. */
const CALM_MINUTES = 3;

export interface DemoMarket {
  /** By venue. */
  readonly urls: Readonly<Record<VenueId, string>>;
  close(): Promise<void>;
}

/** The venues of the demo market: each folder says its part. */
export const demoVenues = (): readonly DemoVenue[] => EXCHANGES.flatMap(({ demo }) => demo);

export const wiresOf = (model: Model, venues = demoVenues()): Wires =>
  Object.fromEntries(venues.map((venue) => [venue.id, venue.wire(model)]));

/** The wire formats of the demo venues over one market: a pure function of the seed and the time asked about. */
export function createWires(seed: number): { wires: Wires; story: Story } {
  const story = new Story(seed);
  return { wires: wiresOf({ contracts: new Contracts(seed, story, demoVenues()), process: new Process(seed, story) }), story };
}

/** Starts the embedded demo market on loopback, one server a venue; its time is the clock's. */
export async function startDemoMarket({ clock, seed, log }: { clock: Clock; seed: number; log: Log }): Promise<DemoMarket> {
  const { wires, story } = createWires(seed);
  const calmUntil = clock.now() + CALM_MINUTES * 60_000 * clock.speed;
  const outageOf =
    ({ traits }: DemoVenue) =>
    (now: number): OutagePhase | null => {
      const outage = traits.failing === true ? story.outage(now) : null;
      return outage && outage.from >= calmUntil ? outage.phase : null;
    };
  const servers = await Promise.all(
    demoVenues().map(async (venue) => {
      const wire = wires[venue.id];
      if (wire === undefined) throw new Error(`demo market: no wire of ${venue.id}`);
      return { id: venue.id, ...(await startDemoServer({ name: venue.id, wire, clock, log, outage: outageOf(venue) })) };
    }),
  );
  log.write('info', 'demo', 'demo market started', { seed, speed: clock.speed });
  return {
    urls: Object.fromEntries(servers.map(({ id, url }) => [id, url])),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
