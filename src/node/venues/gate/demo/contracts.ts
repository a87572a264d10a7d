import { mostOfOrder, tiersOf } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, priceDecimals, trimmed, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';
import { ended, faceOf, inContracts, inSettle, noContract, seconds } from './words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Only reducing orders are taken so long before the end. */
const REDUCE_ONLY = HOUR / 2;

/** One contract as GET /futures/{settle}/contracts lists it: sizes are numbers, prices and rates are texts, times are seconds. */
export function contractRow({ process }: Model, contract: Contract, now: number): object {
  const [mark, index] = [process.mark(contract, now), process.index(contract, now)];
  const digits = priceDecimals(index);
  const rate = trimmed(runningRate(process, contract, now), 8);
  const tiers = tiersOf(contract);
  const most = tiers[0]?.maxLeverage ?? 50;
  const isAnnounced = contract.delistedAt - now < 10 * DAY;
  const isDelisting = contract.delistedAt - now <= REDUCE_ONLY;
  const isInverse = contract.contract === 'inverse';
  const orders = mostOfOrder(isInverse ? 1 : faceOf(contract) * index);
  return {
    name: contract.symbol,
    type: isInverse ? 'inverse' : 'direct',
    quanto_multiplier: isInverse ? '0' : trimmed(faceOf(contract), 8),
    contract_type: '',
    is_pre_market: false,
    status: isDelisting ? 'delisting' : 'trading',
    in_delisting: isDelisting,
    ref_discount_rate: '0',
    ref_rebate_rate: '0.2',
    order_price_deviate: '0.2',
    maintenance_rate: trimmed(1 / (2 * most), 6),
    mark_type: 'index',
    last_price: process.last(contract, now).toFixed(digits),
    mark_price: mark.toFixed(digits + 2),
    index_price: index.toFixed(digits + 2),
    mark_price_round: (10 ** -(digits + 2)).toFixed(digits + 2),
    order_price_round: (10 ** -digits).toFixed(digits),
    order_size_min: 1,
    order_size_max: Number(orders.limit),
    market_order_size_max: orders.market,
    market_order_slip_ratio: '0.05',
    enable_decimal: false,
    funding_rate: rate,
    funding_rate_indicative: rate,
    funding_rate_limit: trimmed(CAP, 6),
    funding_interval: contract.intervalAt(now) * 3_600,
    funding_next_apply: seconds(nextFundingAt(contract, now)),
    funding_offset: 0,
    funding_impact_value: '5000',
    // Per day, whatever the interval.
    interest_rate: trimmed(3 * INTEREST_8H, 8),
    leverage_min: '1',
    leverage_max: String(most),
    cross_leverage_default: '10',
    maker_fee_rate: '-0.0001',
    taker_fee_rate: '0.00075',
    orders_limit: 100,
    position_size: inContracts(contract, process.openInterest(contract, now), mark),
    trade_size: 1_000_000,
    trade_id: 1,
    orderbook_id: 1,
    long_users: 100,
    short_users: 100,
    create_time: seconds(contract.listedAt),
    launch_time: seconds(contract.listedAt),
    delisting_time: isAnnounced ? seconds(contract.delistedAt - REDUCE_ONLY) : 0,
    delisted_time: isAnnounced ? seconds(contract.delistedAt) : 0,
    config_change_time: seconds(contract.listedAt),
    enable_bonus: true,
    enable_credit: true,
  };
}

/** One row of GET /futures/{settle}/tickers; `total_size` counts both sides. */
export function tickerRow({ process }: Model, contract: Contract, now: number): object {
  const [last, before, mark] = [process.last(contract, now), process.last(contract, now - DAY), process.mark(contract, now)];
  const digits = priceDecimals(last);
  const turnover = process.turnover(contract, now, DAY);
  const rate = trimmed(runningRate(process, contract, now), 8);
  const isInverse = contract.contract === 'inverse';
  return {
    contract: contract.symbol,
    last: last.toFixed(digits),
    change_percentage: ((last / before - 1) * 100).toFixed(4),
    total_size: String(2 * inContracts(contract, process.openInterest(contract, now), mark)),
    volume_24h: String(inContracts(contract, turnover / mark, mark)),
    volume_24h_base: (turnover / mark).toFixed(4),
    volume_24h_quote: turnover.toFixed(2),
    volume_24h_settle: (isInverse ? turnover / mark : turnover).toFixed(isInverse ? 4 : 0),
    mark_price: mark.toFixed(digits + 2),
    index_price: process.index(contract, now).toFixed(digits + 2),
    funding_rate: rate,
    funding_rate_indicative: rate,
    low_24h: (Math.min(last, before) * 0.99).toFixed(digits),
    high_24h: (Math.max(last, before) * 1.01).toFixed(digits),
    quanto_base_rate: '',
  };
}

/** GET /futures/{settle}/risk_limit_tiers of one contract: position values in what it settles in, maintenance half the initial margin. */
export function riskLimits({ contracts }: Model, symbol: string, now: number): WireAnswer {
  const contract = contracts.find('gate', symbol, now);
  if (contract === null || ended(contract, now)) return noContract();
  const tiers = tiersOf(contract);
  const end = 5 * (tiers.at(-1)?.from ?? 0);
  let [deduction, before] = [0, 0];
  return json(
    tiers.map(({ from, maxLeverage }, i) => {
      const rate = Number(trimmed(1 / (2 * maxLeverage), 6));
      deduction += inSettle(contract, from) * (rate - before);
      before = rate;
      return {
        tier: i + 1,
        risk_limit: trimmed(inSettle(contract, tiers[i + 1]?.from ?? end), 8),
        initial_rate: trimmed(1 / maxLeverage, 6),
        maintenance_rate: trimmed(rate, 6),
        leverage_max: String(maxLeverage),
        deduction: i === 0 ? '0' : trimmed(deduction, 8),
      };
    }),
  );
}
