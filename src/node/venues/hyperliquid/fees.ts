import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [
    feeTier('Tier 0', 0.015, 0.045),
    feeTier('Tier 1', 0.012, 0.04),
    feeTier('Tier 2', 0.008, 0.035),
    feeTier('Tier 3', 0.004, 0.03),
    feeTier('Tier 4', 0, 0.028),
    feeTier('Tier 5', 0, 0.026),
    feeTier('Tier 6', 0, 0.024),
  ],
  spot: [
    feeTier('Tier 0', 0.04, 0.07),
    feeTier('Tier 1', 0.03, 0.06),
    feeTier('Tier 2', 0.02, 0.05),
    feeTier('Tier 3', 0.01, 0.04),
    feeTier('Tier 4', 0, 0.035),
    feeTier('Tier 5', 0, 0.03),
    feeTier('Tier 6', 0, 0.025),
  ],
  source: 'https://hyperliquid.gitbook.io/hyperliquid-docs/trading/fees',
  asOf: '2026',
};
