import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [feeTier('Regular', 0.02, 0.05), feeTier('VIP 1', 0.016, 0.04), feeTier('VIP 2', 0.014, 0.035), feeTier('VIP 3', 0.012, 0.032)],
  spot: [feeTier('Regular', 0.1, 0.1)],
  source: 'https://www.binance.com/en/fee/futureFee',
  asOf: '2026',
};

/** What a new account pays; tiers of it are not sourced. */
export const COIN_M_FEES: VenueFees = {
  perp: [feeTier('Regular', 0.02, 0.05)],
  spot: FEES.spot,
  source: 'https://www.binance.com/en/fee/deliveryFee',
  asOf: '2026',
};
