import { mostOfOrder, sizeDecimals, tiersOf } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { priceDecimals, trimmed, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { askedOf, ended, good, oneOf } from './words.ts';

const DAY = 86_400_000;
/** Symbols stay in the list for a while after their end. */
const SHOWN_AFTER = 3 * DAY;

/** GET /api/v2/mix/market/contracts: what trades, what will be removed and when, and what has been for some days. */
export function contractList(model: Model, query: URLSearchParams, now: number): WireAnswer {
  const asked = askedOf(model, query, now);
  if ('status' in asked) return asked;
  const shown = asked.filter(({ delistedAt }) => delistedAt + SHOWN_AFTER > now);
  return good(
    shown.map((contract) => contractRow(contract, model.process.index(contract, now), now)),
    now,
  );
}

function contractRow(contract: Contract, price: number, now: number): object {
  const decimals = sizeDecimals(price, 4);
  const step = trimmed(10 ** -decimals, decimals);
  const most = mostOfOrder(price);
  // The end is told ten days before it.
  const isAnnounced = contract.delistedAt - now < 10 * DAY;
  return {
    symbol: contract.symbol,
    baseCoin: contract.base,
    quoteCoin: contract.quote,
    buyLimitPriceRatio: '0.05',
    sellLimitPriceRatio: '0.05',
    feeRateUpRatio: '0.005',
    makerFeeRate: '0.0002',
    takerFeeRate: '0.0006',
    openCostUpRatio: '0.01',
    supportMarginCoins: [contract.settle],
    minTradeNum: step,
    priceEndStep: '1',
    volumePlace: String(decimals),
    pricePlace: String(priceDecimals(price)),
    sizeMultiplier: step,
    symbolType: 'perpetual',
    minTradeUSDT: '5',
    maxSymbolOrderNum: '200',
    maxProductOrderNum: '1000',
    maxPositionNum: '150',
    symbolStatus: ended(contract, now) ? 'off' : 'normal',
    offTime: isAnnounced ? String(contract.delistedAt) : '-1',
    limitOpenTime: '-1',
    deliveryTime: '',
    deliveryStartTime: '',
    deliveryPeriod: '',
    launchTime: String(contract.listedAt),
    fundInterval: String(contract.intervalAt(now)),
    minLever: '1',
    maxLever: String(tiersOf(contract)[0]?.maxLeverage ?? 50),
    posLimit: '0.1',
    maintainTime: '',
    maxMarketOrderQty: most.market,
    maxOrderQty: most.limit,
    isRwa: 'NO',
  };
}

/** GET /api/v2/mix/market/query-position-lever: maintenance half the initial margin. */
export function positionTiers(model: Model, query: URLSearchParams, now: number): WireAnswer {
  const contract = oneOf(model, query, now);
  if ('status' in contract) return contract;
  const tiers = tiersOf(contract);
  const end = 5 * (tiers.at(-1)?.from ?? 0);
  return good(
    tiers.map(({ from, maxLeverage }, i) => ({
      symbol: contract.symbol,
      level: String(i + 1),
      startUnit: String(Math.round(from)),
      endUnit: String(Math.round(tiers[i + 1]?.from ?? end)),
      leverage: String(maxLeverage),
      keepMarginRate: trimmed(1 / (2 * maxLeverage), 8),
    })),
    now,
  );
}
