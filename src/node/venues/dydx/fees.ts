import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** By volume of 30 days; tiers above take a share of all that the venue trades. It has no spot market. */
export const FEES: VenueFees = {
  perp: [feeTier('Tier 1', 0.01, 0.05), feeTier('Tier 2', 0.01, 0.045), feeTier('Tier 3', 0.005, 0.04), feeTier('Tier 4', 0, 0.035)],
  spot: [],
  source: 'https://docs.dydx.xyz/concepts/trading/rewards#fees',
  asOf: '2026',
};
