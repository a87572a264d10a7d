import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { Contracts, type Contract } from '#node/demo/contracts.ts';
import { demoVenues, wiresOf } from '#node/demo/market.ts';
import { Process } from '#node/demo/process.ts';
import { Story } from '#node/demo/story.ts';
import type { Wire, Wires } from '#node/demo/wire.ts';
import { endpointOf, fieldsOf, type SpoiltField, type Spoiler, spoiltWire } from './spoil.ts';
import { HOUR, START, World } from './world.ts';

const MINUTE = 60_000;
/** What each venue lists: intervals of 1, 2 and 4 h. */
const ASSETS = ['KAITO', 'IO'];
const SEED = 3;
/** Little history, quick to ask. */
const LISTED_AT = START - 3 * 24 * HOUR - HOUR / 2;

/** A market of few contracts that are not old. */
class FewContracts extends Contracts {
  readonly #assets: readonly string[];
  constructor(story: Story, assets: readonly string[]) {
    super(SEED, story, demoVenues());
    this.#assets = assets;
  }
  readonly #young = new Map<string, Contract>();
  readonly #of = (contract: Contract): Contract => {
    const id = `${contract.venue}:${contract.symbol}`;
    const known = this.#young.get(id) ?? { ...contract, listedAt: LISTED_AT };
    this.#young.set(id, known);
    return known;
  };
  override of(venue: VenueId, now: number): Contract[] {
    return super
      .of(venue, now)
      .filter(({ asset }) => this.#assets.includes(asset.name))
      .map(this.#of);
  }
  override find(venue: VenueId, symbol: string, now: number): Contract | null {
    const found = super.find(venue, symbol, now);
    return found && this.#assets.includes(found.asset.name) ? this.#of(found) : null;
  }
}

/** Books are asked for every few seconds, and nothing of what is compared is made of them. */
const without = (wire: Wire): Wire => {
  const none = { status: 200, type: 'application/json', body: '{}' } as const;
  return (request, now) => (/depth|orderbook|openInterest|l2Book|books-full/u.test(endpointOf(request)) ? none : wire(request, now));
};

/** The demo market with these assets alone. */
export function fewWires(assets: readonly string[]): Wires {
  const story = new Story(SEED);
  return wiresOf({ contracts: new FewContracts(story, assets), process: new Process(SEED, story) });
}
const bareWires = (): Wires => Object.fromEntries(Object.entries(fewWires(ASSETS)).map(([id, wire]) => [id, without(wire)]));

function wireOf(venue: VenueId): Wire {
  const wire = bareWires()[venue];
  if (!wire) throw new Error(`no demo of ${venue}`);
  return wire;
}

export interface Disturbance {
  readonly venue: VenueId;
  readonly what: SpoiltField;
  readonly how: Spoiler;
  readonly from: number;
  readonly until: number;
}

/** What a history holds of every instrument, with nothing in it of when it was learnt. */
export type Stored = Readonly<Record<InstrumentId, unknown>>;

/** From half past on, so that an hour closes and settlements fall due in the first 40 minutes. */
export const SPOILT_FROM = START;
export const SPOILT_UNTIL = START + 40 * MINUTE;
/** How long the next poll may wait after failures. */
const LONGEST_WAIT_MS = 15 * MINUTE;

/** An app that asks one venue only, as that wire answers it. */
async function appOn(venue: VenueId, wire: Wire, hours: number): Promise<World> {
  const world = new World({
    // What is compared is of minutes and hours: a beat in ten seconds sees them all.
    speed: 10,
    venues: [venue],
    wires: { ...bareWires(), [venue]: wire },
    settings: (all) => ({
      ...all,
      lists: [{ id: 'all', name: 'All', assets: ASSETS, seeded: [], items: [] }],
      venues: { [venue]: { enabled: true, url: null, pollSeconds: 300 } },
    }),
  });
  await world.start();
  await world.clock.until(START + hours * HOUR);
  return world;
}

/** An app over `hours` of one venue, a field of whose answers is spoilt for a while; resolves with what it then holds. */
export async function lived(venue: VenueId, hours: number, disturbance: Disturbance | null): Promise<Stored> {
  const wire = wireOf(venue);
  const { what, how, from, until } = disturbance ?? {};
  const spoiling = what && how && from !== undefined && until !== undefined ? spoiltWire(wire, what, how, from, until) : wire;
  const world = await appOn(venue, spoiling, hours);
  try {
    return await stored(world);
  } finally {
    await world.stop();
    world.dispose();
  }
}

async function stored({ store, clock }: World): Promise<Stored> {
  // What fell due in the last half hour may still be on its way.
  const to = clock.now() - HOUR / 2;
  const all: Record<InstrumentId, unknown> = {};
  for (const { id } of await store.instruments()) {
    const { key, stamp, rate, intervalH: settledEvery, mark, premium } = await store.settled(id, 0, to);
    const proven = async (kind: 'settled' | 'price') =>
      (await store.spans(id, kind)).map((span) => [Math.max(span.from, LISTED_AT), Math.min(span.to, to)]);
    const { close, intervalH, coverage } = await store.hours(id, 0, to);
    const prices = await store.prices(id, 0, to);
    const first = prices.close.findIndex((at) => at >= (key[0] ?? Infinity));
    all[id] = {
      settled: { key, stamp, rate, intervalH: settledEvery, mark, premium },
      // Before its first settlement nothing is asked of them.
      prices: [prices.close, prices.mark, prices.index, prices.last].map((column) => column.slice(first)),
      proven: { settled: await proven('settled'), price: await proven('price') },
      // Of an hour that was disturbed less was seen, and polls that waited come at other moments: rates between are not compared.
      hours: [...close].flatMap((at, i) => {
        const disturbed = at > SPOILT_FROM && at - HOUR < SPOILT_UNTIL + LONGEST_WAIT_MS;
        return disturbed ? [] : [{ close: at, intervalH: intervalH[i], covered: (coverage[i] ?? 0) > 0.9 }];
      }),
    };
  }
  return all;
}

/** Every field of every answer that the venue gives in the first hour. */
export async function fieldsAsked(venue: VenueId): Promise<SpoiltField[]> {
  const found = new Map<string, SpoiltField>();
  const wire = wireOf(venue);
  const watching: Wire = (request, now) => {
    const answer = wire(request, now);
    const endpoint = endpointOf(request);
    for (const field of fieldsOf(JSON.parse(answer.body))) found.set(`${endpoint} ${field}`, { endpoint, field });
    return answer;
  };
  const world = await appOn(venue, watching, 1);
  await world.stop();
  world.dispose();
  return [...found.values()];
}
