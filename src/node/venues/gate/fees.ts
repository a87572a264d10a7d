import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Spot fees as they are without a deduction in GT; from VIP 1 on the maker fee of contracts is not sourced. */
export const FEES: VenueFees = {
  perp: [feeTier('VIP 0', 0.02, 0.05)],
  spot: [
    feeTier('VIP 0', 0.1, 0.1),
    feeTier('VIP 1', 0.099, 0.099),
    feeTier('VIP 2', 0.098, 0.098),
    feeTier('VIP 3', 0.097, 0.097),
    feeTier('VIP 4', 0.095, 0.096),
    feeTier('VIP 5', 0.09, 0.095),
  ],
  source: 'https://www.gate.com/fee',
  asOf: '2026',
};
