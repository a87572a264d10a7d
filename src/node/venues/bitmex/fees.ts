import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** What the public list of instruments says of XBTUSD and of contracts settled in USDT alike; of its spot market none was sourced. */
export const FEES: VenueFees = {
  perp: [feeTier('Standard', 0.05, 0.05)],
  spot: [],
  source: 'https://www.bitmex.com/api/v1/instrument/active, makerFee and takerFee',
  asOf: '2024',
};
