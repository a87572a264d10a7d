import { mostOfOrder, sizeDecimals } from '#node/demo/books.ts';
import { type DemoMarket, faceOf, pairOf, perpetualOn } from './market.ts';
import { datedFutures, ended, isShown } from './words.ts';
import { json, priceDecimals, type Model, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;
/** Delivery date of a perpetual without an end. */
const NEVER = 4_133_404_800_000;

interface Listing {
  readonly symbol: string;
  readonly pair: string;
  readonly contractType: string;
  readonly deliveryDate: number;
  readonly onboardDate: number;
  readonly status: 'TRADING' | 'SETTLING';
  readonly baseAsset: string;
  readonly quoteAsset: string;
}

function symbolRow({ coinMargined }: DemoMarket, listing: Listing, price: number): object {
  const digits = priceDecimals(price);
  const face = faceOf(listing.baseAsset);
  const decimals = coinMargined ? 0 : sizeDecimals(price, 3);
  const step = (10 ** -decimals).toFixed(decimals);
  const tick = (10 ** -digits).toFixed(digits);
  const most = mostOfOrder(coinMargined ? face : price);
  const { status, ...rest } = listing;
  return {
    ...rest,
    ...(coinMargined ? { contractStatus: status, contractSize: face, equalQtyPrecision: 4 } : { status }),
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    marginAsset: coinMargined ? listing.baseAsset : listing.quoteAsset,
    pricePrecision: digits,
    quantityPrecision: decimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10_000,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000', tickSize: tick },
      { filterType: 'LOT_SIZE', minQty: step, maxQty: most.limit, stepSize: step },
      { filterType: 'MARKET_LOT_SIZE', minQty: step, maxQty: most.market, stepSize: step },
      ...(coinMargined ? [] : [{ filterType: 'MIN_NOTIONAL', notional: '5' }]),
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  };
}

/** GET exchangeInfo. An end is announced ten days ahead by the delivery date. */
export function exchangeInfo(market: DemoMarket, { contracts, process }: Model, now: number): WireAnswer {
  const shown = contracts.of(market.id, now).filter((contract) => isShown(contract, now));
  const priceOf = (pair: string): number => {
    const spot = contracts.find(market.id, perpetualOn(market, pair), now);
    return spot ? process.index(spot, Math.min(now, spot.delistedAt)) : 100;
  };
  const perpetuals: Listing[] = shown.map((c) => ({
    symbol: c.symbol,
    pair: pairOf(c.symbol),
    contractType: 'PERPETUAL',
    deliveryDate: c.delistedAt - now < 10 * DAY ? c.delistedAt : NEVER,
    onboardDate: c.listedAt,
    status: ended(c, now) ? 'SETTLING' : 'TRADING',
    baseAsset: c.base,
    quoteAsset: c.quote,
  }));
  const futures: Listing[] = datedFutures(market, now).map((f) => ({
    symbol: f.symbol,
    pair: f.pair,
    contractType: f.type,
    deliveryDate: f.end,
    onboardDate: f.end - 180 * DAY,
    status: 'TRADING',
    baseAsset: f.base,
    quoteAsset: market.quote,
  }));
  return json({
    timezone: 'UTC',
    serverTime: now,
    ...(!market.coinMargined && { futuresType: 'U_MARGINED' }),
    rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 }],
    exchangeFilters: [],
    ...(!market.coinMargined && {
      assets: ['USDT', 'USDC'].map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-10000' })),
    }),
    symbols: [...perpetuals, ...futures].map((listing) => symbolRow(market, listing, priceOf(listing.pair))),
  });
}
