import { mostOfOrder, sizeDecimals, tiersOf, type Tier } from '#node/demo/books.ts';
import { CAP } from './cap.ts';
import type { DemoMarket } from './market.ts';
import { bad, datedFutures, deliveryOf, ended, good } from './words.ts';
import { priceDecimals, trimmed, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;

interface Listing {
  readonly symbol: string;
  readonly contractType: 'LinearPerpetual' | 'LinearFutures' | 'InversePerpetual' | 'InverseFutures';
  readonly status: 'Trading' | 'Closed';
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  readonly launchTime: string;
  readonly deliveryTime: string;
  /** Minutes. */
  readonly fundingInterval: number;
}

function instrumentRow(listing: Listing, price: number, tiers: readonly Tier[]): object {
  const digits = priceDecimals(price);
  const inverse = listing.contractType.startsWith('Inverse');
  // A contract of the inverse ones is a dollar.
  const decimals = inverse ? 0 : sizeDecimals(price, 3);
  const step = (10 ** -decimals).toFixed(decimals);
  const tick = (10 ** -digits).toFixed(digits);
  const most = mostOfOrder(inverse ? 1 : price);
  return {
    ...listing,
    deliveryFeeRate: '',
    priceScale: String(digits),
    leverageFilter: { minLeverage: '1', maxLeverage: (tiers[0]?.maxLeverage ?? 50).toFixed(2), leverageStep: '0.01' },
    priceFilter: { minPrice: tick, maxPrice: '1999999', tickSize: tick },
    lotSizeFilter: {
      maxOrderQty: most.limit,
      minOrderQty: step,
      qtyStep: step,
      maxMktOrderQty: most.market,
      minNotionalValue: inverse ? '' : '5',
    },
    unifiedMarginTrade: true,
    copyTrading: 'none',
    upperFundingRate: trimmed(CAP, 4),
    lowerFundingRate: trimmed(-CAP, 4),
    isPreListing: false,
    preListingInfo: null,
    displayName: '',
    symbolType: '',
    marketRegion: '',
  };
}

/** GET /v5/market/instruments-info: what trades, unless another status is asked for; pages by cursor. */
export function instrumentsInfo(market: DemoMarket, { contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const limit = wholeNumber(query, 'limit') ?? 500;
  if (Number.isNaN(limit) || limit < 1) return bad('params error: limit invalid', now);
  const kind = market.category === 'linear' ? 'Linear' : 'Inverse';
  const perpetuals = contracts.of(market.id, now).map((c) => {
    const t = Math.min(now, c.delistedAt);
    const listing: Listing = {
      symbol: c.symbol,
      contractType: `${kind}Perpetual`,
      status: ended(c, now) ? 'Closed' : 'Trading',
      baseCoin: c.base,
      quoteCoin: c.quote,
      settleCoin: c.settle,
      launchTime: String(c.listedAt),
      deliveryTime: deliveryOf(c, now),
      fundingInterval: c.intervalAt(t) * 60,
    };
    return { listing, price: process.index(c, t), tiers: tiersOf(c) };
  });
  const futures = datedFutures(market, now).map((f) => {
    const listing: Listing = {
      symbol: f.symbol,
      contractType: `${kind}Futures`,
      status: 'Trading',
      baseCoin: f.base,
      quoteCoin: market.category === 'inverse' ? 'USD' : f.settle,
      settleCoin: f.settle,
      launchTime: String(f.end - 180 * DAY),
      deliveryTime: String(f.end),
      fundingInterval: 0,
    };
    return { listing, price: f.base === 'BTC' ? 100_000 : 4_000, tiers: [] };
  });
  const status = query.get('status') ?? 'Trading';
  const symbol = query.get('symbol');
  const found = [...perpetuals, ...futures].filter(
    ({ listing }) => listing.status === status && (symbol === null || listing.symbol === symbol),
  );
  const first = Number(/^first=(\d+)$/.exec(query.get('cursor') ?? '')?.[1] ?? 0);
  const next = first + Math.min(limit, 1000);
  const list = found.slice(first, next).map(({ listing, price, tiers }) => instrumentRow(listing, price, tiers));
  return good({ category: market.category, list, nextPageCursor: next < found.length ? `first=${next}` : '' }, now);
}

/**
 * GET /v5/market/risk-limit of one symbol: each tier up to its position value, maintenance half the initial margin. Inverse ones have
 * the value in their coin and margins in percent, as the page's example has them.
 */
export function riskLimits({ id, category }: DemoMarket, { contracts }: Model, query: URLSearchParams, now: number): WireAnswer {
  const symbol = query.get('symbol') ?? '';
  const contract = contracts.find(id, symbol, now);
  if (!contract || ended(contract, now)) return bad('params error: symbol invalid', now);
  const tiers = tiersOf(contract);
  const [worth, parts] = category === 'inverse' ? [contract.asset.price, 100] : [1, 1];
  const valueOf = (money: number): string => trimmed(Math.ceil(money / worth), 0);
  let deduction = 0;
  const list = tiers.map(({ from, maxLeverage }, i) => {
    const below = tiers[i - 1]?.maxLeverage;
    if (below !== undefined) deduction += Number(valueOf(from)) * (1 / (2 * maxLeverage) - 1 / (2 * below));
    return {
      id: i + 1,
      symbol,
      riskLimitValue: valueOf(tiers[i + 1]?.from ?? from * 5),
      maintenanceMargin: trimmed(parts / (2 * maxLeverage), 8),
      initialMargin: trimmed(parts / maxLeverage, 8),
      isLowestRisk: i === 0 ? 1 : 0,
      maxLeverage: maxLeverage.toFixed(2),
      mmDeduction: i === 0 ? '' : trimmed(deduction, 4),
    };
  });
  return good({ category, list, nextPageCursor: '' }, now);
}
