import { BOOK_LEVELS, demoBook, sizeDecimals } from '#node/demo/books.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { ended } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { LISTED } from './listed.ts';

const fail = (code: number, message: string): WireAnswer => json({ code, message }, 400);
const numberOf = (contract: Contract): number => LISTED.indexOf(contract.asset.name);

/** Lighter's REST, fields as on https://apidocs.lighter.xyz */
export function createLighterWire(model: Model): Wire {
  const { contracts, process } = model;
  const good = (fields: object): WireAnswer => json({ code: 200, ...fields });

  /** Rates of others stand beside its own. */
  function rates(contract: Contract, now: number): object[] {
    const { rate } = figuresOf(model, contract, now);
    const row = { market_id: numberOf(contract), symbol: contract.symbol };
    return [
      { ...row, exchange: 'binance', rate: 0.0001 },
      { ...row, exchange: 'lighter', rate: 8 * rate },
    ];
  }

  function details(contract: Contract, now: number): object {
    const { last, mark, index, high, low, digits, turnover, openInterest } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(index, 5);
    return {
      symbol: contract.symbol,
      market_id: numberOf(contract),
      market_type: 'perp',
      status: ended(contract, now) ? 'inactive' : 'active',
      taker_fee: '0.0000',
      maker_fee: '0.0000',
      liquidation_fee: '1.0000',
      min_base_amount: trimmed(10 ** -decimals, decimals),
      min_quote_amount: '10.000000',
      supported_size_decimals: decimals,
      supported_price_decimals: digits,
      supported_quote_decimals: 6,
      default_initial_margin_fraction: 500,
      min_initial_margin_fraction: 200,
      maintenance_margin_fraction: 120,
      closeout_margin_fraction: 80,
      last_trade_price: last,
      daily_base_token_volume: turnover / mark,
      daily_quote_token_volume: turnover,
      daily_price_low: low,
      daily_price_high: high,
      open_interest: openInterest,
      mark_price: trimmed(mark, digits + 2),
      index_price: trimmed(index, digits + 2),
    };
  }

  function fundings(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [from, to] = [wholeNumber(query, 'start_timestamp') ?? NaN, wholeNumber(query, 'end_timestamp') ?? NaN];
    if (Number.isNaN(from) || Number.isNaN(to) || query.get('resolution') !== '1h') return fail(20_001, 'invalid param');
    const limit = Math.min(wholeNumber(query, 'count_back') ?? 750, 750);
    const range = { from: Math.max(from * 1_000, servedFrom(now)), to: to * 1_000, limit };
    const rows = newestSettlements(model, contract, range, now).toReversed();
    return good({
      resolution: '1h',
      fundings: rows.map(({ at, stamp, rate }) => ({
        timestamp: stamp / 1_000,
        value: trimmed(Math.abs(rate) * process.index(contract, at), 8),
        rate: Math.abs(100 * rate).toFixed(4),
        direction: rate < 0 ? 'short' : 'long',
      })),
    });
  }

  function candles(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [from, to] = [wholeNumber(query, 'start_timestamp') ?? NaN, wholeNumber(query, 'end_timestamp') ?? NaN];
    if (Number.isNaN(from) || Number.isNaN(to) || query.get('resolution') !== '1h') return fail(20_001, 'invalid param');
    if (to <= from) return fail(22_400, 'invalid param');
    const limit = Math.min(wholeNumber(query, 'count_back') ?? 500, 500);
    const rows = hourCandles(model, contract, 'last', { from: from * 1_000, to: to * 1_000, limit, keep: 'newest' }, now);
    const c = rows.map(({ start, open, high, low, close, turnover }) => ({
      t: start,
      ...{ o: open, h: high, l: low, c: close },
      v: turnover / close,
      V: turnover,
      i: start,
    }));
    return good({ r: '1h', c });
  }

  function orders(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const book = demoBook(process, contract, now, Math.min(BOOK_LEVELS, wholeNumber(query, 'limit') ?? 100));
    const decimals = sizeDecimals(process.index(contract, now), 5);
    const side = (levels: typeof book.bids): object[] =>
      levels
        .map(({ price, size }) => ({ price: price.toFixed(book.digits), remaining_base_amount: size.toFixed(decimals) }))
        .filter(({ remaining_base_amount: left }) => Number(left) > 0);
    return good({ total_asks: book.asks.length, asks: side(book.asks), total_bids: book.bids.length, bids: side(book.bids) });
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET' || !path.startsWith('/api/v1/')) return json({ code: 404, message: 'not found' }, 404);
    const what = path.slice('/api/v1/'.length);
    const all = contracts.of('lighter', now);
    if (what === 'funding-rates') return good({ funding_rates: all.flatMap((contract) => rates(contract, now)) });
    if (what === 'orderBookDetails')
      return good({ order_book_details: all.map((contract) => details(contract, now)), spot_order_book_details: [] });
    const id = wholeNumber(query, 'market_id');
    const contract = all.find((one) => numberOf(one) === id);
    if (contract === undefined) return fail(20_001, 'invalid market_id');
    if (what === 'fundings') return fundings(contract, query, now);
    if (what === 'candles') return candles(contract, query, now);
    return what === 'orderBookOrders' ? orders(contract, query, now) : json({ code: 404, message: 'not found' }, 404);
  };
}
