import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Perpetuals on coins; those of shares, metals and currencies differ by region. */
export const FEES: VenueFees = {
  perp: [
    feeTier('VIP 0', 0.02, 0.05),
    feeTier('VIP 1', 0.014, 0.04),
    feeTier('VIP 2', 0.012, 0.0375),
    feeTier('VIP 3', 0.01, 0.035),
    feeTier('VIP 4', 0.008, 0.0315),
    feeTier('VIP 5', 0.006, 0.03),
    feeTier('Supreme', 0, 0.025),
  ],
  spot: [feeTier('VIP 0', 0.1, 0.1)],
  source: 'https://bingx.com/en/support/articles/23996776295449 and /16455102764943; spot as clients of it state it',
  asOf: '2026',
};
