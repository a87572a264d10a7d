/** Coins, each at the place that is the number of its market. */
export const LISTED: readonly string[] = 'ETH BTC SOL DOGE PEPE LINK AVAX NEAR XRP AAVE SUI BNB BONK AIXBT IO'.split(' ');
