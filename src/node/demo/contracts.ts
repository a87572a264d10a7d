import type { VenueId } from '#domain/instrument.ts';
import { ASSETS, PASSING, type DemoAsset } from './assets.ts';
import { keyOf, unit } from './noise.ts';
import type { Story } from './story.ts';
import type { DemoListing, DemoTraits, DemoVenue } from './venue.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** One small coin comes and one goes every 20 days, each lives 200. */
const PASSING_STEP = 20 * DAY;
const PASSING_LIFE = 10;
const LISTED_LONG_AGO = Date.UTC(2023, 5, 1);
/** Venues still answer for a symbol this long after its end. */
const REMEMBERED = 150 * DAY;
/** At least 90 days of history; its start moves by 30 days at a time, so that pages do not shift under a reader. */
const SERVED = 90 * DAY;
const SERVED_STEP = 30 * DAY;

export interface Contract extends DemoListing {
  readonly venue: VenueId;
  readonly traits: DemoTraits;
  readonly asset: DemoAsset;
  readonly listedAt: number;
  /** Infinity while no end is set. */
  readonly delistedAt: number;
}

/** Start of what the demo venues serve of the past at `now`. */
export const servedFrom = (now: number): number => Math.floor((now - SERVED) / SERVED_STEP) * SERVED_STEP;

interface Life {
  readonly listedAt: number;
  readonly delistedAt: number;
}

const contractsOf = (asset: DemoAsset, life: Life, story: Story, venues: readonly DemoVenue[]): Contract[] =>
  venues.flatMap((venue) =>
    venue.listings(asset, story).map((listing) => {
      const { multiplier = asset.multiplier } = listing;
      // One asset for all that share it: what is worked out of it is kept by it.
      const sold = multiplier === asset.multiplier ? asset : { ...asset, multiplier };
      return { venue: venue.id, traits: venue.traits, asset: sold, ...listing, ...life };
    }),
  );

/** All contracts by time: the lasting ones and the small coins that pass. */
export class Contracts {
  readonly #seed: number;
  readonly #story: Story;
  readonly #venues: readonly DemoVenue[];
  readonly #lasting: readonly Contract[];
  readonly #passing = new Map<number, Contract[]>();
  readonly #known = new Map<number, ReadonlyMap<string, Contract>>();

  constructor(seed: number, story: Story, venues: readonly DemoVenue[]) {
    this.#seed = seed;
    this.#story = story;
    this.#venues = venues;
    this.#lasting = ASSETS.flatMap((asset) => contractsOf(asset, { listedAt: LISTED_LONG_AGO, delistedAt: Infinity }, story, venues));
  }

  /** Everything that a venue still answers for at `now`, ended contracts included. */
  of(venue: VenueId, now: number): Contract[] {
    return [...this.#at(now).values()].filter((contract) => contract.venue === venue && contract.listedAt <= now);
  }

  find(venue: VenueId, symbol: string, now: number): Contract | null {
    const contract = this.#at(now).get(`${venue}:${symbol}`);
    return contract && contract.listedAt <= now ? contract : null;
  }

  #at(now: number): ReadonlyMap<string, Contract> {
    const newest = Math.floor(now / PASSING_STEP);
    const known = this.#known.get(newest);
    if (known) return known;
    const oldest = newest - PASSING_LIFE - Math.ceil(REMEMBERED / PASSING_STEP);
    const contracts = [...this.#lasting];
    for (let turn = oldest; turn <= newest; turn++) contracts.push(...this.#turn(turn));
    const byId = new Map(contracts.map((contract) => [`${contract.venue}:${contract.symbol}`, contract]));
    this.#known.clear();
    this.#known.set(newest, byId);
    return byId;
  }

  /** The small coin whose life begins in the 20 days numbered `turn`; ends fall on 8 h settlements. */
  #turn(turn: number): Contract[] {
    const known = this.#passing.get(turn);
    if (known) return known;
    const key = keyOf(this.#seed, 'passing');
    const startOf = (n: number) => n * PASSING_STEP + Math.floor(unit(key, n) * 12) * 8 * HOUR;
    const name = PASSING[turn % PASSING.length] ?? 'PASSING';
    const asset: DemoAsset = {
      name,
      group: 'meme',
      price: 0.02 * 40 ** unit(keyOf(key, 'price'), turn),
      dailyVol: 0.07,
      openInterestM: 6 + 20 * unit(keyOf(key, 'size'), turn),
      multiplier: 1,
      turn,
    };
    const life = { listedAt: startOf(turn), delistedAt: startOf(turn + PASSING_LIFE) };
    const contracts = contractsOf(asset, life, this.#story, this.#venues);
    this.#passing.set(turn, contracts);
    return contracts;
  }
}
