import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

export const FEES: VenueFees = {
  perp: [
    feeTier('VIP 0', 0.03, 0.05),
    feeTier('VIP 1', 0.028, 0.048),
    feeTier('VIP 2', 0.026, 0.046),
    feeTier('VIP 3', 0.024, 0.044),
    feeTier('VIP 4', 0.022, 0.042),
    feeTier('VIP 5', 0.02, 0.04),
  ],
  spot: [feeTier('VIP 0', 0.2, 0.2)],
  source: 'https://support.coinex.com/hc/en-us/articles/7112450560921; spot: https://docs.coinex.com/api/v2/spot/market/http/list-market',
  asOf: '2026',
};
