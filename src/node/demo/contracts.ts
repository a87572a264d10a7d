import { ASSETS, PASSING, type DemoAsset } from './assets.ts';
import { keyOf, unit } from './noise.ts';
import type { Story } from './story.ts';

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

export type DemoVenue = 'binance' | 'bybit' | 'hyperliquid';

export interface Contract {
  readonly venue: DemoVenue;
  readonly symbol: string;
  readonly asset: DemoAsset;
  readonly base: string;
  readonly quote: string;
  readonly settle: string;
  readonly listedAt: number;
  /** Infinity while nobody has set an end. */
  readonly delistedAt: number;
  /** Hours of the funding interval that holds `t`. */
  intervalAt(t: number): number;
}

/** Start of what the demo venues serve of the past at `now`. */
export const servedFrom = (now: number): number => Math.floor((now - SERVED) / SERVED_STEP) * SERVED_STEP;

interface Life {
  readonly listedAt: number;
  readonly delistedAt: number;
}

function nameFor(venue: DemoVenue, asset: DemoAsset): string {
  if (asset.multiplier === 1) return asset.name;
  if (venue === 'hyperliquid') return `k${asset.name}`;
  // Bybit's own way with this one.
  return venue === 'bybit' && asset.name === 'SHIB' ? `${asset.name}${asset.multiplier}` : `${asset.multiplier}${asset.name}`;
}

function contractsOf(asset: DemoAsset, life: Life, story: Story): Contract[] {
  const make = (venue: DemoVenue, symbol: string, quote: string, settle: string, intervalAt: (t: number) => number): Contract => ({
    venue,
    symbol,
    asset,
    base: nameFor(venue, asset),
    quote,
    settle,
    ...life,
    intervalAt,
  });
  const always = (hours: number) => () => hours;
  const list: Contract[] = [];
  if (asset.binanceH > 0) {
    const interval = asset.name === 'ARB' ? (t: number) => story.binanceArbIntervalH(t) : always(asset.binanceH);
    const name = nameFor('binance', asset);
    list.push(make('binance', `${name}USDT`, 'USDT', 'USDT', interval));
    if (['BTC', 'ETH', 'SOL', 'DOGE'].includes(asset.name)) list.push(make('binance', `${name}USDC`, 'USDC', 'USDC', always(8)));
  }
  if (asset.bybitH > 0) {
    const interval = asset.name === 'INJ' ? (t: number) => story.bybitInjIntervalH(t) : always(asset.bybitH);
    const name = nameFor('bybit', asset);
    list.push(make('bybit', `${name}USDT`, 'USDT', 'USDT', interval));
    if (['BTC', 'ETH', 'SOL'].includes(asset.name)) list.push(make('bybit', `${name}PERP`, 'USDC', 'USDC', always(8)));
  }
  if (asset.hyperliquid) list.push(make('hyperliquid', nameFor('hyperliquid', asset), 'USD', 'USDC', always(1)));
  return list;
}

/** All contracts by time: the lasting ones and the small coins that pass. */
export class Contracts {
  readonly #seed: number;
  readonly #story: Story;
  readonly #lasting: readonly Contract[];
  readonly #passing = new Map<number, Contract[]>();
  readonly #known = new Map<number, ReadonlyMap<string, Contract>>();

  constructor(seed: number, story: Story) {
    this.#seed = seed;
    this.#story = story;
    this.#lasting = ASSETS.flatMap((asset) => contractsOf(asset, { listedAt: LISTED_LONG_AGO, delistedAt: Infinity }, story));
  }

  /** Everything that a venue still answers for at `now`, ended contracts included. */
  of(venue: DemoVenue, now: number): Contract[] {
    return [...this.#at(now).values()].filter((contract) => contract.venue === venue && contract.listedAt <= now);
  }

  find(venue: DemoVenue, symbol: string, now: number): Contract | null {
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
      binanceH: 4,
      bybitH: turn % 2 === 0 ? 4 : 8,
      hyperliquid: turn % 3 !== 0,
      multiplier: 1,
    };
    const life = { listedAt: startOf(turn), delistedAt: startOf(turn + PASSING_LIFE) };
    const contracts = contractsOf(asset, life, this.#story);
    this.#passing.set(turn, contracts);
    return contracts;
  }
}
