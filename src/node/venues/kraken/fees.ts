import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [feeTier('Up to $100k', 0.02, 0.05), feeTier('$100k', 0.015, 0.04), feeTier('$1M', 0.0125, 0.03), feeTier('$5M', 0.01, 0.025)],
  spot: [feeTier('Up to $10k', 0.25, 0.4)],
  source: 'https://www.kraken.com/features/fee-schedule',
  asOf: '2025',
};
