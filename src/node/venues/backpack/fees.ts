import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [
    feeTier('Tier 1', 0.02, 0.05),
    feeTier('Tier 2', 0.019, 0.045),
    feeTier('Tier 3', 0.018, 0.04),
    feeTier('Tier 4', 0.016, 0.035),
    feeTier('Tier 5', 0.013, 0.03),
    feeTier('Tier 6', 0.01, 0.028),
    feeTier('VIP1', 0.01, 0.026),
    feeTier('VIP2', 0, 0.024),
    feeTier('VIP3', 0, 0.022),
    feeTier('VIP4', 0, 0.02),
    feeTier('VIP5', 0, 0.018),
  ],
  spot: [feeTier('Tier 1', 0.08, 0.1)],
  source: 'https://api.backpack.exchange/wapi/v1/feeTiers',
  asOf: '2026',
};
