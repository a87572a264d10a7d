// Generated from ccxt by `npm run ccxt:list`: change ways.ts and run that.

/** What ccxt says of one of its exchanges. */
export interface CcxtListing {
  readonly id: string;
  readonly name: string;
  readonly documentation: string;
  /** Real ms that one unit of its limit takes. */
  readonly rateLimitMs: number;
  readonly hasCandles: boolean;
  readonly hasBooks: boolean;
}

export const CCXT_VERSION = '4.5.84';

export const LISTED: readonly CcxtListing[] = [
  { id: 'apex', name: 'Apex', documentation: 'https://api-docs.omni.apex.exchange', rateLimitMs: 20, hasCandles: true, hasBooks: true },
  {
    id: 'bitfinex',
    name: 'Bitfinex',
    documentation: 'https://docs.bitfinex.com/v2/docs/',
    rateLimitMs: 250,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'bitflyer',
    name: 'bitFlyer',
    documentation: 'https://lightning.bitflyer.com/docs?lang=en',
    rateLimitMs: 1000,
    hasCandles: false,
    hasBooks: true,
  },
  { id: 'bitstamp', name: 'Bitstamp', documentation: 'https://www.bitstamp.net/api', rateLimitMs: 75, hasCandles: true, hasBooks: true },
  { id: 'blofin', name: 'BloFin', documentation: 'https://blofin.com/docs', rateLimitMs: 200, hasCandles: true, hasBooks: true },
  {
    id: 'btse',
    name: 'BTSE',
    documentation: 'https://support.btse.com/en/support/solutions/articles/43000044751-btse-api',
    rateLimitMs: 13.333333333333334,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'bullish',
    name: 'Bullish',
    documentation: 'https://api.exchange.bullish.com/docs/api/rest/',
    rateLimitMs: 20,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'bybitid',
    name: 'Bybit Indonesia',
    documentation: 'https://bybit-exchange.github.io/docs/v5/intro',
    rateLimitMs: 20,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'bydfi', name: 'BYDFi', documentation: 'https://developers.bydfi.com/en/', rateLimitMs: 50, hasCandles: true, hasBooks: true },
  {
    id: 'coinbaseinternational',
    name: 'Coinbase International',
    documentation: 'https://docs.cloud.coinbase.com/intx/docs',
    rateLimitMs: 100,
    hasCandles: true,
    hasBooks: false,
  },
  {
    id: 'cryptocom',
    name: 'Crypto.com',
    documentation: 'https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html',
    rateLimitMs: 10,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'deepcoin', name: 'DeepCoin', documentation: 'https://www.deepcoin.com/docs', rateLimitMs: 200, hasCandles: true, hasBooks: true },
  { id: 'delta', name: 'Delta Exchange', documentation: 'https://docs.delta.exchange', rateLimitMs: 300, hasCandles: true, hasBooks: true },
  { id: 'derive', name: 'Derive', documentation: 'https://docs.derive.xyz/docs/', rateLimitMs: 50, hasCandles: false, hasBooks: false },
  { id: 'digifinex', name: 'DigiFinex', documentation: 'https://docs.digifinex.com', rateLimitMs: 900, hasCandles: true, hasBooks: true },
  {
    id: 'extended',
    name: 'Extended',
    documentation: 'https://api.docs.extended.exchange',
    rateLimitMs: 600,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'fmfwio', name: 'FMFW.io', documentation: 'https://api.fmfw.io/', rateLimitMs: 3.333, hasCandles: true, hasBooks: true },
  { id: 'grvt', name: 'GRVT', documentation: 'https://api-docs.grvt.io/', rateLimitMs: 10, hasCandles: true, hasBooks: true },
  {
    id: 'hashkey',
    name: 'HashKey Global',
    documentation: 'https://hashkeyglobal-apidoc.readme.io/',
    rateLimitMs: 100,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'hibachi', name: 'Hibachi', documentation: 'https://www.hibachi.xyz/', rateLimitMs: 100, hasCandles: true, hasBooks: true },
  { id: 'hitbtc', name: 'HitBTC', documentation: 'https://api.hitbtc.com', rateLimitMs: 3.333, hasCandles: true, hasBooks: true },
  {
    id: 'htx',
    name: 'HTX',
    documentation: 'https://huobiapi.github.io/docs/spot/v1/en/',
    rateLimitMs: 100,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'lbank',
    name: 'LBank',
    documentation: 'https://www.lbank.com/en-US/docs/index.html',
    rateLimitMs: 20,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'modetrade',
    name: 'Mode Trade',
    documentation: 'https://orderly.network/docs/build-on-omnichain/building-on-omnichain',
    rateLimitMs: 100,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'myokx',
    name: 'MyOKX (EEA)',
    documentation: 'https://my.okx.com/docs-v5/en/#overview',
    rateLimitMs: 110.00000000000001,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'nado', name: 'Nado', documentation: 'https://docs.nado.xyz/', rateLimitMs: 25, hasCandles: true, hasBooks: true },
  {
    id: 'pacifica',
    name: 'Pacifica',
    documentation: 'https://docs.pacifica.fi/api-documentation/api/rest-api',
    rateLimitMs: 600,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'phemex',
    name: 'Phemex',
    documentation: 'https://phemex-docs.github.io/#overview',
    rateLimitMs: 120.5,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'toobit', name: 'Toobit', documentation: 'https://api-docs.toobit.com/', rateLimitMs: 20, hasCandles: true, hasBooks: true },
  { id: 'weex', name: 'Weex', documentation: 'https://www.weex.com/api-doc', rateLimitMs: 20, hasCandles: true, hasBooks: true },
  {
    id: 'whitebit',
    name: 'WhiteBit',
    documentation: 'https://github.com/whitebit-exchange/api-docs',
    rateLimitMs: 20,
    hasCandles: true,
    hasBooks: true,
  },
  {
    id: 'woofipro',
    name: 'WOOFI PRO',
    documentation: 'https://orderly.network/docs/build-on-omnichain/building-on-omnichain',
    rateLimitMs: 100,
    hasCandles: true,
    hasBooks: true,
  },
  { id: 'xt', name: 'XT', documentation: 'https://doc.xt.com/', rateLimitMs: 100, hasCandles: true, hasBooks: true },
];
