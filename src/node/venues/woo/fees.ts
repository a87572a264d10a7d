import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [
    feeTier('Tier 0', 0, 0.03),
    feeTier('Tier 1', 0, 0.027),
    feeTier('Tier 2', 0, 0.021),
    feeTier('Tier 3', 0, 0.015),
    feeTier('Tier 4', 0, 0.012),
    feeTier('Tier 5', 0, 0.009),
  ],
  spot: [
    feeTier('Tier 0', 0, 0.06),
    feeTier('Tier 1', 0, 0.048),
    feeTier('Tier 2', 0, 0.036),
    feeTier('Tier 3', 0, 0.03),
    feeTier('Tier 4', 0, 0.024),
    feeTier('Tier 5', 0, 0.018),
  ],
  source: 'https://api.woox.io/holding-program/holdingsWooxPublic/allTierPerks, read as percent',
  asOf: '2026',
};
