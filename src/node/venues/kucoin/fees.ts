import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Spot: coins of its class A, which holds the large ones. Before the discount for paying in KCS. */
export const FEES: VenueFees = {
  perp: [
    feeTier('VIP 0', 0.02, 0.06),
    feeTier('VIP 1', 0.018, 0.06),
    feeTier('VIP 2', 0.015, 0.06),
    feeTier('VIP 3', 0.01, 0.06),
    feeTier('VIP 4', 0.008, 0.053),
    feeTier('VIP 5', 0.006, 0.048),
    feeTier('VIP 6', 0.004, 0.043),
    feeTier('VIP 7', 0.002, 0.039),
    feeTier('VIP 8', 0, 0.036),
    feeTier('VIP 9', -0.002, 0.033),
    feeTier('VIP 10', -0.004, 0.03),
    feeTier('VIP 11', -0.006, 0.028),
    feeTier('VIP 12', -0.008, 0.025),
  ],
  spot: [
    feeTier('VIP 0', 0.1, 0.1),
    feeTier('VIP 1', 0.095, 0.1),
    feeTier('VIP 2', 0.09, 0.1),
    feeTier('VIP 3', 0.075, 0.09),
    feeTier('VIP 4', 0.055, 0.075),
    feeTier('VIP 5', 0.035, 0.055),
    feeTier('VIP 6', 0.025, 0.045),
    feeTier('VIP 7', 0.015, 0.042),
    feeTier('VIP 8', 0.01, 0.04),
    feeTier('VIP 9', 0, 0.04),
    feeTier('VIP 10', 0, 0.03),
    feeTier('VIP 11', -0.003, 0.025),
    feeTier('VIP 12', -0.005, 0.025),
  ],
  source: 'https://www.kucoin.com/support/48142946141635',
  asOf: '2026',
};
