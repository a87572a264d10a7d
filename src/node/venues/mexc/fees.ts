import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Its standard rates: single contracts have others for a while, which their row of contract/detail tells (makerFeeRate, takerFeeRate). */
export const FEES: VenueFees = {
  perp: [feeTier('Standard', 0, 0.02)],
  spot: [feeTier('Standard', 0, 0.05)],
  source: 'https://www.mexc.com/en-GB/learn/article/how-to-use-mx-token-for-mexc-trading-fee-discounts-get-up-to-50-off/1',
  asOf: '2025-09-02',
};
