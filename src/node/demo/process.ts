import type { Contract } from './contracts.ts';
import type { AssetGroup, DemoAsset } from './assets.ts';
import { createWalk, keyOf, unit, wave } from './noise.ts';
import type { Story } from './story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Interest per 8 h and half-width of the clamp: the resting place of a rate and the premium it takes to leave it. */
export const INTEREST_8H = 0.0001;
export const CLAMP = 0.0005;

/** Sizes in 8 h premium: the slow crowd (with its heavy tail), the minutes' noise. */
const CROWD: Readonly<Record<AssetGroup, { slow: number; tail: number; fast: number }>> = {
  major: { slow: 0.00027, tail: 0, fast: 0.00006 },
  ai: { slow: 0.00028, tail: 0.00022, fast: 0.00014 },
  alt: { slow: 0.00028, tail: 0.00012, fast: 0.0001 },
  meme: { slow: 0.0003, tail: 0.00025, fast: 0.00016 },
};
/** On majors the lean is stronger: real ones leave the interest rate half of the time, by a little. */
const MAJOR_LEAN = 1.7;

interface AssetKeys {
  readonly walk: (t: number) => number;
  readonly beta: number;
  readonly bias: number;
  readonly crowd: readonly [number, number, number];
  readonly size: number;
}

interface ContractKeys {
  readonly lean: number;
  readonly fast: readonly [number, number];
  readonly index: number;
  readonly follow: number;
  readonly size: number;
}

/** Prices, premium, open interest and volume of every contract: pure functions of (seed, time). */
export class Process {
  readonly #seed: number;
  readonly #story: Story;
  readonly #market: (t: number) => number;
  readonly #mood: number;
  readonly #assets = new WeakMap<DemoAsset, AssetKeys>();
  readonly #contracts = new WeakMap<Contract, ContractKeys>();

  constructor(seed: number, story: Story) {
    this.#seed = seed;
    this.#story = story;
    this.#market = createWalk(keyOf(seed, 'market'));
    this.#mood = keyOf(seed, 'mood');
  }

  /** Spot reference in quote money per contract unit, as this venue sees it. */
  index(contract: Contract, t: number): number {
    const { asset } = contract;
    const keys = this.#assetKeys(asset);
    const own = Math.sqrt(1 - keys.beta ** 2);
    const log = asset.dailyVol * (keys.beta * this.#market(t) + own * keys.walk(t)) + 3 * this.#story.push(asset.name, t);
    const seen = 0.00008 * wave(this.#contractKeys(contract).index, t, 20 * MINUTE);
    return asset.price * asset.multiplier * Math.exp(log + seen);
  }

  mark(contract: Contract, t: number): number {
    return this.index(contract, t) * (1 + this.premium(contract, t));
  }

  /** Last trade: the mark with a few hundredths of a percent of noise. */
  last(contract: Contract, t: number): number {
    return this.mark(contract, t) * (1 + 0.0002 * wave(this.#contractKeys(contract).fast[1], t, 2 * MINUTE));
  }

  /**
   * Premium as the venue's own formula weighs it. Where that does not divide by 8/h, a contract with a shorter interval
   * carries a smaller premium for the same hourly rate (domain: F with k = 1).
   */
  premium(contract: Contract, t: number): number {
    const crowd = this.#crowd(contract, t);
    if (contract.traits.divides) return crowd;
    const part = contract.intervalAt(t) / 8;
    const inside = Math.min(CLAMP, Math.max(-CLAMP, crowd - INTEREST_8H));
    return INTEREST_8H * part + inside + part * (crowd - INTEREST_8H - inside);
  }

  /** Contract units of base (as the venue counts them: one 1000PEPE is one). */
  openInterest(contract: Contract, t: number): number {
    const { asset, traits, part } = contract;
    const keys = this.#contractKeys(contract);
    const usd = asset.openInterestM * 1e6 * traits.share * part;
    const heat = Math.abs(this.#story.push(asset.name, t)) * 40;
    const level = Math.exp(0.16 * wave(this.#assetKeys(asset).size, t, 5 * DAY) + 0.05 * wave(keys.size, t, 9 * HOUR) + heat);
    return (usd / (asset.price * asset.multiplier)) * level;
  }

  /** Trades in a stretch of time that ends at `t`, in quote money. */
  turnover(contract: Contract, t: number, ms: number): number {
    const { asset } = contract;
    const heat = Math.abs(this.#story.push(asset.name, t - ms / 2)) * 130;
    const pace = Math.exp(0.45 * wave(this.#assetKeys(asset).size, t + 3 * DAY, 2 * DAY) + 0.2 * wave(this.#mood, t, DAY));
    const price = asset.price * asset.multiplier;
    return this.openInterest(contract, t) * price * (1.4 * (1 + heat) * pace) * (ms / DAY);
  }

  /** What the crowd pays over the index, in 8 h premium. */
  #crowd(contract: Contract, t: number): number {
    const { asset, traits } = contract;
    const { slow, tail, fast } = CROWD[asset.group];
    const keys = this.#assetKeys(asset);
    const own = this.#contractKeys(contract);
    const [a, b, c] = keys.crowd;
    const x = 0.55 * wave(this.#mood, t, 4 * DAY) + 0.65 * wave(a, t, 6 * DAY) + 0.5 * wave(b, t, 38 * HOUR) + 0.35 * wave(c, t, 9 * HOUR);
    const resting = (traits.interestPer8h ?? INTEREST_8H) + keys.bias + traits.bias * (asset.group === 'major' ? MAJOR_LEAN : 1);
    const lean = 0.0001 * wave(own.lean, t, 3 * DAY);
    const noise = fast * (wave(own.fast[0], t, 2 * HOUR) + 0.7 * wave(own.fast[1], t, 17 * MINUTE));
    return resting + slow * x + tail * x ** 3 + lean + noise + own.follow * this.#story.push(asset.name, t - traits.lagMs);
  }

  #assetKeys(asset: DemoAsset): AssetKeys {
    const known = this.#assets.get(asset);
    if (known) return known;
    const key = (part: string) => keyOf(this.#seed, asset.name, part);
    const keys: AssetKeys = {
      walk: createWalk(key('walk')),
      beta: asset.name === 'BTC' ? 0.92 : 0.5 + 0.35 * unit(key('beta'), 0),
      bias: 0.00032 * (unit(key('bias'), 0) - 0.6),
      crowd: [key('days'), key('day'), key('hours')],
      size: key('size'),
    };
    this.#assets.set(asset, keys);
    return keys;
  }

  #contractKeys(contract: Contract): ContractKeys {
    const known = this.#contracts.get(contract);
    if (known) return known;
    const key = (part: string) => keyOf(this.#seed, contract.venue, contract.symbol, part);
    const keys: ContractKeys = {
      lean: key('lean'),
      fast: [key('hours'), key('minutes')],
      index: key('index'),
      follow: 0.75 + 0.5 * unit(key('follow'), 0),
      size: key('size'),
    };
    this.#contracts.set(contract, keys);
    return keys;
  }
}
