import type { VenueId } from '#domain/instrument.ts';
import type { DemoAsset } from './assets.ts';
import type { Story } from './story.ts';
import type { Model, Wire } from './wire.ts';

/** One contract on an asset of the demo market, as a venue names it. */
export interface DemoListing {
  readonly symbol: string;
  /** The venue's name of the coin, with its multiplier. */
  readonly base: string;
  readonly quote: string;
  readonly settle: string;
  /** Its profit is in the coin, and one contract is an amount of quote money; else it is linear. */
  readonly contract?: 'inverse';
  /** Coins per unit of its price, where that is not the asset's usual one: 1 on a venue that sells nothing by the thousand. */
  readonly multiplier?: number;
  /** Hours of the funding interval that holds `t`. */
  intervalAt(t: number): number;
  /** Hour of the UTC day from which its intervals are counted, where that is not midnight: 4 where it settles at 4, 12 and 20 h. */
  readonly countedFromH?: number;
  /** Part of the venue's open interest in the asset. */
  readonly part: number;
}

/** How the crowd and the funding of a venue differ from those of the others. */
export interface DemoTraits {
  /** How far its rates lean from the interest, 8 h premium. */
  readonly bias: number;
  /** Of the open interest on all venues together. */
  readonly share: number;
  /** How late a crowd arrives, ms. */
  readonly lagMs: number;
  /** Largest rate of one payment, and the least, negated. */
  readonly cap: number;
  /** Its formula is on 8 h and divides by 8/h; else it scales the interest (domain: theoretical rate). */
  readonly divides: boolean;
  /** Interest per 8 h, and how far it may pull the premium, where they are not the usual ones. */
  readonly interestPer8h?: number;
  readonly clamp?: number;
  /** 'rising': the n-th sample of the interval counts n times. */
  readonly weighting: 'equal' | 'rising';
  /** How late it stamps a settlement, ms; `x` is uniform in [0, 1). */
  stampedAfterMs(x: number): number;
  /** How long after it a settlement is served at least, ms. */
  readonly postedAfterMs: number;
  /** It fails for some hours every day. */
  readonly failing?: true;
}

/** A venue's part of the demo market, in its own folder: what it lists, how it pays, and the bytes it answers with. */
export interface DemoVenue {
  readonly id: VenueId;
  readonly traits: DemoTraits;
  /** Its contracts on the asset; none where it does not list it. */
  listings(asset: DemoAsset, story: Story): readonly DemoListing[];
  /** Its wire format, after its documentation and recorded bodies. */
  wire(model: Model): Wire;
}
