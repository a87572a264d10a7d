import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** By order, not by account: those that are placed by hand in its app pay nothing. The dearer ones stand first, so that no cost is told too low. */
export const FEES: VenueFees = {
  perp: [feeTier('API', 0.003, 0.02), feeTier('By hand', 0, 0)],
  spot: [],
  source: 'https://docs.paradex.trade/trading/trading-fee',
  asOf: '2026',
};
