import { CANDLE_MINUTES, candles, type PriceKind } from '#node/demo/candles.ts';
import { servedFrom } from '#node/demo/contracts.ts';
import { settlements } from '#node/demo/funding.ts';
import type { DemoMarket } from './market.ts';
import { bad, good } from './words.ts';
import { priceDecimals, trimmed, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(CANDLE_MINUTES.map((m) => [m < 1440 ? String(m) : 'D', m]));
const MAX_RATES = 200;
const MAX_KLINES = 1000;

/** Descending, at most 200, the newest of the window; a start without an end is an error, as the venue has it. */
export function fundingHistory(
  { id, category }: DemoMarket,
  { contracts, process }: Model,
  query: URLSearchParams,
  now: number,
): WireAnswer {
  const symbol = query.get('symbol');
  const limit = wholeNumber(query, 'limit') ?? MAX_RATES;
  const start = wholeNumber(query, 'startTime');
  const end = wholeNumber(query, 'endTime');
  const contract = symbol ? contracts.find(id, symbol, now) : null;
  if (!symbol || !contract) return bad('params error: symbol invalid', now);
  if (Number.isNaN(limit) || limit < 1) return bad('params error: limit invalid', now);
  if (Number.isNaN(start) || Number.isNaN(end)) return bad('params error: time invalid', now);
  if (start !== null && end === null) return bad('params error: endTime is required when startTime is given', now);
  if (start !== null && end !== null && start > end) return bad('params error: startTime should be less than endTime', now);
  const most = Math.min(limit, MAX_RATES);
  const oldest = Math.max(start ?? 0, servedFrom(now));
  const list: { symbol: string; fundingRate: string; fundingRateTimestamp: string }[] = [];
  // Piece by piece from the end, so that a page costs no more than what is in it.
  for (let until = Math.min(end ?? now, now); until >= oldest && list.length < most; until -= 8 * DAY) {
    const piece = [...settlements(process, contract, Math.max(until - 8 * DAY + 1, oldest), until, now)];
    for (const { stamp, rate } of piece.reverse()) {
      list.push({ symbol, fundingRate: trimmed(rate, 8), fundingRateTimestamp: String(stamp) });
    }
  }
  return good({ category, list: list.slice(0, most) }, now);
}

/** Descending, at most 1000: the newest of the window; with a start and no end the venue reads forward from the start. */
export function klines(
  { id, category }: DemoMarket,
  { contracts, process }: Model,
  kind: PriceKind,
  query: URLSearchParams,
  now: number,
): WireAnswer {
  const symbol = query.get('symbol') ?? '';
  const minutes = INTERVALS[query.get('interval') ?? ''];
  const limit = wholeNumber(query, 'limit') ?? 200;
  const start = wholeNumber(query, 'start');
  const end = wholeNumber(query, 'end');
  const contract = contracts.find(id, symbol, now);
  if (!contract) return bad('params error: symbol invalid', now);
  if (minutes === undefined) return bad('Invalid period!', now);
  if ([limit, start, end].some(Number.isNaN) || limit < 1) return bad('params error: limit invalid', now);
  const keep = start !== null && end === null ? 'first' : 'newest';
  const from = Math.max(start ?? 0, servedFrom(now));
  const range = { from, to: end ?? now, limit: Math.min(limit, MAX_KLINES), keep, now } as const;
  const list = candles(process, contract, kind, minutes, range).map((c) => {
    const digits = kind === 'premium' ? 6 : priceDecimals(c.close);
    const row = [String(c.start), ...[c.open, c.high, c.low, c.close].map((value) => value.toFixed(digits))];
    return kind === 'last' ? [...row, trimmed(c.turnover / c.close, 4), trimmed(c.turnover, 4)] : row;
  });
  return good({ symbol, category, list: list.reverse() }, now);
}
