import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Those of BTC_USDT in its list of contracts; fees differ by contract and campaign. */
export const FEES: VenueFees = {
  perp: [feeTier('Standard', 0.01, 0.04)],
  spot: [feeTier('Standard', 0, 0.05)],
  source: 'https://www.mexc.com/api-docs/futures/market-endpoints/get-contract-info, https://www.mexc.com/fee',
  asOf: '2025',
};
