import { parseExchangeInfo } from '#node/venues/binance/exchange-info.ts';
import { parseFundingInfo } from '#node/venues/binance/funding-info.ts';
import { parsePremiumIndex } from '#node/venues/binance/premium-index.ts';
import { USD_M } from '#node/venues/binance/usd-m.ts';
import { parseInstruments } from '#node/venues/bybit/instruments.ts';
import { LINEAR } from '#node/venues/bybit/linear.ts';
import { parseTickers } from '#node/venues/bybit/tickers.ts';
import { parseMetaAndAssetCtxs } from '#node/venues/hyperliquid/perpetuals.ts';
import { random, tell, timed } from '#test/support/bench.ts';
import { body } from '#test/support/bodies.ts';
import { isShort } from '#test/support/short.ts';

/**
 * Reading the largest answers that a poll brings, 800 symbols each, beside JSON.parse of the same bytes: what the checks of
 * every row cost. Rows are those of the recorded shapes with numbers of their own.
 */
const SYMBOLS = isShort ? 40 : 800;
const ROUNDS = isShort ? 2 : 60;
const NOW = 1_794_770_400_500;

type Row = Readonly<Record<string, unknown>>;
const next = random(5);
const near = (value: number, digits: number): string => (value * (1 + next() / 10)).toFixed(digits);
const names = Array.from({ length: SYMBOLS }, (_, i) => `C${i}`);

const [binanceRow = {}] = JSON.parse(body('binance/premiumIndex.json')) as Row[];
const premiumIndex = JSON.stringify(
  names.map((name) => ({
    ...binanceRow,
    symbol: `${name}USDT`,
    markPrice: near(97_201.1, 8),
    indexPrice: near(97_240.52, 8),
    lastFundingRate: near(0.0001, 8),
  })),
);
const exchangeInfo = parseExchangeInfo(
  USD_M,
  JSON.stringify({
    symbols: names.map((name) => ({
      symbol: `${name}USDT`,
      pair: `${name}USDT`,
      contractType: 'PERPETUAL',
      status: 'TRADING',
      baseAsset: name,
      quoteAsset: 'USDT',
      marginAsset: 'USDT',
    })),
  }),
  NOW,
);
const fundingInfo = parseFundingInfo(
  USD_M,
  JSON.stringify(
    names.map((name) => ({
      symbol: `${name}USDT`,
      adjustedFundingRateCap: '0.02000000',
      adjustedFundingRateFloor: '-0.02000000',
      fundingIntervalHours: 8,
    })),
  ),
  NOW,
);

interface Listed {
  readonly result: { readonly list: readonly Row[] };
}
const bybitAnswer = JSON.parse(body('bybit/tickers.json')) as Listed;
const tickers = JSON.stringify({
  ...bybitAnswer,
  result: {
    category: 'linear',
    list: names.map((name) => ({
      ...bybitAnswer.result.list[0],
      symbol: `${name}USDT`,
      markPrice: near(97_201.1, 2),
      indexPrice: near(97_240.52, 2),
      fundingRate: near(0.0001, 8),
      openInterest: near(50_923, 3),
    })),
  },
});
const listRow = (JSON.parse(body('bybit/instruments-rules.json')) as Listed).result.list[0];
const instruments = parseInstruments(
  LINEAR,
  JSON.stringify({
    retCode: 0,
    result: { list: names.map((name) => ({ ...listRow, symbol: `${name}USDT`, baseCoin: name })), nextPageCursor: '' },
  }),
).listings;

const [, [context = {}]] = JSON.parse(body('hyperliquid/metaAndAssetCtxs.json')) as [unknown, Row[]];
const assetContexts = JSON.stringify([
  { universe: names.map((name) => ({ name, szDecimals: 2, maxLeverage: 20 })) },
  names.map(() => ({ ...context, markPx: near(108.04, 2), oraclePx: near(107.99, 2), funding: near(0.0000125, 10) })),
]);

const BODIES: readonly (readonly [what: string, text: string, read: () => { readonly snapshots: readonly unknown[] }])[] = [
  [
    'Binance premiumIndex',
    premiumIndex,
    () => parsePremiumIndex(USD_M, premiumIndex, { listings: exchangeInfo, adjusted: fundingInfo }, NOW),
  ],
  ['Bybit tickers', tickers, () => parseTickers(LINEAR, tickers, instruments, NOW)],
  ['Hyperliquid metaAndAssetCtxs', assetContexts, () => parseMetaAndAssetCtxs(assetContexts, NOW)],
];
for (const [what, text, read] of BODIES) {
  if (read().snapshots.length !== SYMBOLS) throw new Error(`${what}: ${read().snapshots.length} of ${SYMBOLS} rows were read`);
  // By turns, so that what else runs on the machine meets both.
  let [reading, bare] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    reading = Math.min(reading, timed(read, 1));
    bare = Math.min(
      bare,
      timed(() => JSON.parse(text) as unknown, 1),
    );
  }
  const bytes = `${Math.round(Buffer.byteLength(text) / 1024)} kB`;
  tell(`${what}, ${SYMBOLS} symbols, ${bytes}`, `${reading.toFixed(2)} ms, ${(reading / bare).toFixed(2)} x JSON.parse of it`);
}
