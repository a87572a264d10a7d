import type { VenueId } from '../instrument.ts';

/** What a venue charges per fill, decimal. */
export interface FeeTier {
  readonly name: string;
  readonly maker: number;
  readonly taker: number;
}

export interface VenueFees {
  /** The first is what a new account pays: the default, which anybody can change. */
  readonly perp: readonly [FeeTier, ...FeeTier[]];
  readonly spot: readonly [FeeTier, ...FeeTier[]];
  readonly source: string;
  /** When it was read. */
  readonly asOf: string;
}

const tier = (name: string, makerPercent: number, takerPercent: number): FeeTier => ({
  name,
  maker: Number((makerPercent / 100).toFixed(7)),
  taker: Number((takerPercent / 100).toFixed(7)),
});

/** Base rates before discounts (own tokens, referrals, regions). */
export const VENUE_FEES: Readonly<Record<VenueId, VenueFees>> = {
  binance: {
    perp: [tier('Regular', 0.02, 0.05), tier('VIP 1', 0.016, 0.04), tier('VIP 2', 0.014, 0.035), tier('VIP 3', 0.012, 0.032)],
    spot: [tier('Regular', 0.1, 0.1)],
    source: 'https://www.binance.com/en/fee/futureFee',
    asOf: '2026',
  },
  bybit: {
    perp: [
      tier('VIP 0', 0.02, 0.055),
      tier('VIP 1', 0.018, 0.04),
      tier('VIP 2', 0.016, 0.0375),
      tier('VIP 3', 0.014, 0.035),
      tier('VIP 4', 0.012, 0.032),
      tier('VIP 5', 0.01, 0.032),
      tier('Supreme VIP', 0, 0.03),
    ],
    spot: [
      tier('VIP 0', 0.1, 0.1),
      tier('VIP 1', 0.0675, 0.08),
      tier('VIP 2', 0.065, 0.0775),
      tier('VIP 3', 0.0625, 0.075),
      tier('VIP 4', 0.05, 0.06),
      tier('VIP 5', 0.04, 0.05),
      tier('Supreme VIP', 0.03, 0.045),
    ],
    source: 'https://www.bybit.com/en/help-center/article/Trading-Fee-Structure',
    asOf: '2026',
  },
  hyperliquid: {
    perp: [
      tier('Tier 0', 0.015, 0.045),
      tier('Tier 1', 0.012, 0.04),
      tier('Tier 2', 0.008, 0.035),
      tier('Tier 3', 0.004, 0.03),
      tier('Tier 4', 0, 0.028),
      tier('Tier 5', 0, 0.026),
      tier('Tier 6', 0, 0.024),
    ],
    spot: [
      tier('Tier 0', 0.04, 0.07),
      tier('Tier 1', 0.03, 0.06),
      tier('Tier 2', 0.02, 0.05),
      tier('Tier 3', 0.01, 0.04),
      tier('Tier 4', 0, 0.035),
      tier('Tier 5', 0, 0.03),
      tier('Tier 6', 0, 0.025),
    ],
    source: 'https://hyperliquid.gitbook.io/hyperliquid-docs/trading/fees',
    asOf: '2026',
  },
};
