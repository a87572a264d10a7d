import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** What a new account pays; spot: pairs of USDT. What is known of its VIP tiers does not agree with itself. */
export const FEES: VenueFees = {
  perp: [feeTier('Regular', 0.02, 0.05)],
  spot: [feeTier('Regular', 0.08, 0.1)],
  source: 'https://www.okx.com/fees',
  asOf: '2026',
};
