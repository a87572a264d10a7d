import { BOOK_LEVELS, demoBook, sizeDecimals } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, rounded } from '#node/demo/figures.ts';
import { ended, faceOf, isInverse } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';

const MOST_HOURS = 744;
const PATH = '/api/v2/public/';

const fail = (code: number, message: string): WireAnswer => json({ jsonrpc: '2.0', error: { code, message }, testnet: false }, 400);
/** Amounts in dollars of inverse contracts, in coins of the others. */
const amountOf = (contract: Contract, units: number, price: number): number =>
  isInverse(contract) ? Math.round((units * price) / 10) * 10 : rounded(units, sizeDecimals(price, 4));

/** Deribit's JSON-RPC by GET, fields as on https://docs.deribit.com */
export function createDeribitWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('deribit', now).filter((contract) => !ended(contract, now));
  const good = (result: unknown, now: number): WireAnswer =>
    json({ jsonrpc: '2.0', result, usIn: now * 1_000 - 300, usOut: now * 1_000, usDiff: 300, testnet: false });

  function instrument(contract: Contract, now: number): object {
    const { digits } = figuresOf(model, contract, now);
    const inverse = isInverse(contract);
    const size = faceOf(contract, 10);
    return {
      price_index: `${contract.base}_${contract.quote}`.toLowerCase(),
      kind: 'future',
      instrument_name: contract.symbol,
      max_leverage: 50,
      maker_commission: 0,
      taker_commission: 0.0005,
      instrument_type: inverse ? 'reversed' : 'linear',
      expiration_timestamp: 32_503_708_800_000,
      creation_timestamp: contract.listedAt,
      is_active: true,
      tick_size: 10 ** -digits,
      contract_size: size,
      min_trade_amount: size,
      future_type: inverse ? 'reversed' : 'linear',
      max_liquidation_commission: 0.0075,
      settlement_currency: contract.settle,
      settlement_period: 'perpetual',
      base_currency: contract.base,
      counter_currency: contract.quote,
      quote_currency: contract.quote,
    };
  }

  function summary(contract: Contract, now: number): object {
    const { last, mark, index, before, high, low, digits, turnover, openInterest, rate } = figuresOf(model, contract, now);
    return {
      high,
      low,
      last: rounded(last, digits),
      instrument_name: contract.symbol,
      bid_price: rounded(last * 0.9999, digits),
      ask_price: rounded(last * 1.0001, digits),
      open_interest: amountOf(contract, openInterest, mark),
      mark_price: rounded(mark, digits + 2),
      creation_timestamp: now,
      price_change: rounded((last / before - 1) * 100, 4),
      volume: turnover / mark,
      volume_usd: rounded(turnover, 2),
      volume_notional: rounded(turnover, 2),
      estimated_delivery_price: rounded(index, digits + 2),
      base_currency: contract.base,
      quote_currency: contract.quote,
      current_funding: rounded(8 * rate, 8),
      funding_8h: rounded(8 * rate, 8),
    };
  }

  function history(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [from, to] = [wholeNumber(query, 'start_timestamp') ?? NaN, wholeNumber(query, 'end_timestamp') ?? NaN];
    if (Number.isNaN(from) || Number.isNaN(to)) return fail(-32_602, 'Invalid params');
    const rows = newestSettlements(model, contract, { from, to, limit: MOST_HOURS }, now).toReversed();
    const result = rows.map(({ at, stamp, rate }) => ({
      timestamp: stamp,
      index_price: process.index(contract, at),
      prev_index_price: process.index(contract, at - 3_600_000),
      interest_8h: 8 * rate,
      interest_1h: rate,
    }));
    return good(result, now);
  }

  function book(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const { bids, asks, digits } = demoBook(process, contract, now, Math.min(BOOK_LEVELS, wholeNumber(query, 'depth') ?? 5));
    const side = (levels: typeof bids): number[][] =>
      levels.map(({ price, size }) => [rounded(price, digits), amountOf(contract, size, price)]).filter(([, size]) => size !== 0);
    return good({ instrument_name: contract.symbol, state: 'open', timestamp: now, bids: side(bids), asks: side(asks) }, now);
  }

  return ({ method, path, query }, now) => {
    const what = path.startsWith(PATH) ? path.slice(PATH.length) : '';
    const currency = query.get('currency') ?? '';
    if (method !== 'GET') return fail(-32_600, 'Invalid request');
    if (what === 'get_instruments')
      return good(
        live(now).map((one) => instrument(one, now)),
        now,
      );
    if (what === 'get_book_summary_by_currency')
      return good(
        live(now)
          .filter(({ settle }) => settle === currency)
          .map((one) => summary(one, now)),
        now,
      );
    const contract = contracts.find('deribit', query.get('instrument_name') ?? '', now);
    if (what !== 'get_funding_rate_history' && what !== 'get_order_book') return fail(-32_601, 'Method not found');
    if (contract === null) return fail(13_020, 'instrument not found');
    return what === 'get_order_book' ? book(contract, query, now) : history(contract, query, now);
  };
}
