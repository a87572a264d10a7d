import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [feeTier('Regular', 0.01, 0.035)],
  spot: [feeTier('Regular', 0.04, 0.1)],
  source: 'https://docs.asterdex.com/product/asterex-pro/pro-fees',
  asOf: '2025',
};
