/** The dexes of builders in the demo; the exchange counts tokens by index. */
export const DEXES = [
  {
    dex: 'xyz',
    name: 'XYZ',
    lists: new Set('BTC ETH SOL XRP DOGE NEAR TAO LINK HYPE AAVE PEPE BONK VIRTUAL AIXBT IO'.split(' ')),
    settle: 'USDC',
    token: 0,
    part: 0.7,
  },
  { dex: 'hyna', name: 'HyENA', lists: new Set('BTC ETH SOL HYPE ENA PEPE'.split(' ')), settle: 'USDE', token: 235, part: 0.3 },
] as const;
