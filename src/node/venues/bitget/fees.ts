import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Contracts: what a new account pays, as the list of contracts states it too; of other tiers there is no source. Spot: its page of fees. */
export const FEES: VenueFees = {
  perp: [feeTier('VIP 0', 0.02, 0.06)],
  spot: [
    feeTier('VIP 0', 0.1, 0.1),
    feeTier('VIP 1', 0.08, 0.08),
    feeTier('VIP 2', 0.065, 0.07),
    feeTier('VIP 3', 0.05, 0.06),
    feeTier('VIP 4', 0.04, 0.05),
    feeTier('VIP 5', 0.03, 0.04),
    feeTier('VIP 6', 0.02, 0.035),
    feeTier('VIP 7', 0, 0.03),
  ],
  source: 'https://www.bitget.com/fee and https://www.bitget.com/support/articles/4552737163033 (futures)',
  asOf: '2025',
};
