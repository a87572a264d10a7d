import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** By volume of 30 days, the same for all contracts. Spot is another market of Kraken's, with fees of its own. */
export const FEES: VenueFees = {
  perp: [
    feeTier('up to $100k', 0.02, 0.05),
    feeTier('$100k', 0.015, 0.04),
    feeTier('$1M', 0.0125, 0.03),
    feeTier('$5M', 0.01, 0.025),
    feeTier('$10M', 0.0075, 0.02),
    feeTier('$20M', 0.005, 0.015),
    feeTier('$50M', 0.0025, 0.0125),
    feeTier('$100M', 0, 0.01),
  ],
  spot: [],
  source: 'https://support.kraken.com/hc/en-us/articles/360048917612-Fee-schedule',
  asOf: '2023; the first tier 2026',
};
