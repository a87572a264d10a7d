import { BOOK_LEVELS, demoBook, levelTexts, mostOfOrder, sizeDecimals } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { runningRate, settlements } from '#node/demo/funding.ts';
import { ended } from '#node/demo/lots.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, type Model, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP_8H, INITIAL } from './terms.ts';

const HOUR = 3_600_000;
/** Funding is observed every five seconds. */
const STEP = 5_000;
const KINDS: Readonly<Record<string, PriceKind>> = { last: 'last', mark: 'mark', underlying: 'index' };
const fail = (error: string, message: string, status = 400): WireAnswer => json({ error, message }, status);

/** What one unit has paid by the end of each hour since what is served begins. */
interface Paid {
  readonly from: number;
  readonly rates: number[];
  readonly index: number[];
}

/** Paradex's REST, fields as on https://docs.paradex.trade/api/prod/markets */
export function createParadexWire(model: Model): Wire {
  const { contracts, process } = model;
  const paidBy = new Map<string, Paid>();
  const live = (now: number): Contract[] => contracts.of('paradex', now).filter((contract) => !ended(contract, now));

  function paidOf(contract: Contract, now: number): Paid {
    const from = Math.max(servedFrom(now), Math.ceil(contract.listedAt / HOUR) * HOUR);
    let paid = paidBy.get(contract.symbol);
    if (paid?.from !== from) paid = { from, rates: [], index: [0] };
    paidBy.set(contract.symbol, paid);
    for (const { at, rate } of settlements(process, contract, from + paid.rates.length * HOUR + 1, now, Infinity)) {
      paid.index.push((paid.index.at(-1) ?? 0) + rate * process.index(contract, at));
      paid.rates.push(rate);
    }
    return paid;
  }

  function fundingData(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const size = wholeNumber(query, 'page_size') ?? 100;
    if (!(size >= 1 && size <= 5_000)) return fail('VALIDATION_ERROR', 'page_size is not valid');
    const { from, rates, index } = paidOf(contract, now);
    const end = Math.min(wholeNumber(query, 'end_at') ?? now, now, contract.delistedAt);
    const start = Math.max(wholeNumber(query, 'start_at') ?? 0, from);
    const results: object[] = [];
    // Half a step before whole ones.
    for (let at = Math.floor((end + STEP / 2) / STEP) * STEP - STEP / 2; at >= start && results.length < size; at -= STEP) {
      const hour = Math.floor((at - from) / HOUR);
      const rate = rates[hour] ?? runningRate(process, contract, now);
      const price = process.index(contract, from + (hour + 1) * HOUR);
      results.push({
        market: contract.symbol,
        funding_index: ((index[hour] ?? 0) + rate * price * ((at - from) / HOUR - hour)).toFixed(17),
        funding_premium: (8 * rate * price).toFixed(17),
        funding_rate: (8 * rate).toFixed(17),
        funding_rate_8h: (8 * rate).toFixed(17),
        funding_period_hours: 8,
        created_at: at,
      });
    }
    return json({ next: null, prev: null, results });
  }

  function market(contract: Contract, now: number): object {
    const { index, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(index, 6);
    return {
      symbol: contract.symbol,
      base_currency: contract.base,
      quote_currency: 'USD',
      settlement_currency: 'USDC',
      order_size_increment: trimmed(10 ** -decimals, decimals),
      price_tick_size: trimmed(10 ** -digits, digits),
      min_notional: '10',
      open_at: contract.listedAt,
      expiry_at: 0,
      asset_kind: 'PERP',
      market_kind: 'cross',
      position_limit: mostOfOrder(index).limit,
      max_order_size: mostOfOrder(index).market,
      max_funding_rate: String(CAP_8H),
      interest_rate: String(INTEREST_8H),
      clamp_rate: '0.0005',
      funding_period_hours: 8,
      funding_multiplier: 1,
      delta1_cross_margin_params: { imf_base: String(INITIAL), imf_shift: '0', imf_factor: '0.00071', mmf_factor: '0.5' },
      tags: [],
    };
  }

  function summary(contract: Contract, now: number): object {
    const { last, mark, index, before, digits, turnover, openInterest, rate } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      mark_price: trimmed(mark, digits + 4),
      last_traded_price: trimmed(last, digits),
      bid: trimmed(last * 0.9999, digits),
      ask: trimmed(last * 1.0001, digits),
      volume_24h: trimmed(turnover, 6),
      created_at: now,
      underlying_price: trimmed(index, digits + 4),
      open_interest: trimmed(openInterest, sizeDecimals(index, 6)),
      funding_rate: trimmed(8 * rate, 14),
      price_change_rate_24h: trimmed(last / before - 1, 6),
    };
  }

  function klines(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const kind = KINDS[query.get('price_kind') ?? 'last'];
    const [from, to] = [wholeNumber(query, 'start_at') ?? NaN, wholeNumber(query, 'end_at') ?? NaN];
    if (kind === undefined || query.get('resolution') !== '60' || Number.isNaN(from) || Number.isNaN(to))
      return fail('VALIDATION_ERROR', 'klines: a parameter is not valid');
    const rows = hourCandles(model, contract, kind, { from, to, limit: 5_000, keep: 'first' }, now);
    return json({ results: rows.map(({ start, open, high, low, close }) => [start, open, high, low, close, 1]) });
  }

  function book(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const depth = Math.min(BOOK_LEVELS, wholeNumber(query, 'depth') ?? 20);
    const { bids, asks } = levelTexts(demoBook(process, contract, now, depth), sizeDecimals(process.index(contract, now), 6));
    return json({ market: contract.symbol, seq_no: 1, last_updated_at: now, asks, bids });
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET' || !path.startsWith('/v1/')) return fail('NOT_FOUND', 'not found', 404);
    const what = path.slice('/v1/'.length);
    if (what === 'markets') return json({ results: live(now).map((contract) => market(contract, now)) });
    if (what === 'markets/summary') return json({ results: live(now).map((contract) => summary(contract, now)) });
    const named = what.startsWith('orderbook/') ? decodeURIComponent(what.slice('orderbook/'.length)) : null;
    const contract = contracts.find('paradex', named ?? query.get('market') ?? query.get('symbol') ?? '', now);
    if (contract === null) return fail('INVALID_SYMBOL', 'market is not valid');
    if (named !== null) return book(contract, query, now);
    if (what === 'funding/data') return fundingData(contract, query, now);
    return what === 'markets/klines' ? klines(contract, query, now) : fail('NOT_FOUND', 'not found', 404);
  };
}
