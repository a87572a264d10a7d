import { feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Standard accounts pay nothing; premium ones, which are quicker, do. Its spot market is of the same kind, and was not read. */
export const FEES: VenueFees = {
  perp: [feeTier('Standard', 0, 0)],
  spot: [],
  source: 'https://mainnet.zklighter.elliot.ai/api/v1/orderBookDetails, maker_fee and taker_fee',
  asOf: '2026',
};
