import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [
    feeTier('VIP 0', 0.02, 0.055),
    feeTier('VIP 1', 0.018, 0.04),
    feeTier('VIP 2', 0.016, 0.0375),
    feeTier('VIP 3', 0.014, 0.035),
    feeTier('VIP 4', 0.012, 0.032),
    feeTier('VIP 5', 0.01, 0.032),
    feeTier('Supreme VIP', 0, 0.03),
  ],
  spot: [
    feeTier('VIP 0', 0.1, 0.1),
    feeTier('VIP 1', 0.0675, 0.08),
    feeTier('VIP 2', 0.065, 0.0775),
    feeTier('VIP 3', 0.0625, 0.075),
    feeTier('VIP 4', 0.05, 0.06),
    feeTier('VIP 5', 0.04, 0.05),
    feeTier('Supreme VIP', 0.03, 0.045),
  ],
  source: 'https://www.bybit.com/en/help-center/article/Trading-Fee-Structure',
  asOf: '2026',
};
