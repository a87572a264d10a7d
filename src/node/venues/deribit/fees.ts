import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Of its perpetuals in BTC, ETH and USDC alike. */
export const FEES: VenueFees = {
  perp: [feeTier('Standard', 0, 0.05)],
  spot: [feeTier('Standard', 0, 0)],
  source: 'https://support.deribit.com/hc/en-us/articles/25944746248989-Fees',
  asOf: '2026',
};
