/** What a venue charges per fill, decimal. */
export interface FeeTier {
  readonly name: string;
  readonly maker: number;
  readonly taker: number;
}

export interface VenueFees {
  /** The first is what a new account pays: the default, which the person can change. */
  readonly perp: readonly [FeeTier, ...FeeTier[]];
  /** None: it has no spot market. */
  readonly spot: readonly FeeTier[];
  readonly source: string;
  /** When it was read. */
  readonly asOf: string;
}

/** A tier as venues publish it, in percent: base rates before discounts (own tokens, referrals, regions). */
export const feeTier = (name: string, makerPercent: number, takerPercent: number): FeeTier => ({
  name,
  maker: Number((makerPercent / 100).toFixed(7)),
  taker: Number((takerPercent / 100).toFixed(7)),
});
