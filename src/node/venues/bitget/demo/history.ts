import { candles, type PriceKind } from '#node/demo/candles.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { nextFundingAt, settlements } from '#node/demo/funding.ts';
import { priceDecimals, trimmed, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { badParameter, good, oneOf } from './words.ts';

const DAY = 86_400_000;
const PIECE = 8 * DAY;
const MAX_RATES = 100;
const MAX_CANDLES = 200;
const BARS: Readonly<Record<string, number>> = {
  '1m': 1,
  '3m': 3,
  '5m': 5,
  '15m': 15,
  '30m': 30,
  '1H': 60,
  '4H': 240,
  '6H': 360,
  '12H': 720,
};

/** How many settlements lie in [from, to]: their times alone, which cost nothing beside their rates. */
function countOf(contract: Contract, from: number, to: number): number {
  let count = 0;
  const end = Math.min(to, contract.delistedAt);
  for (let at = nextFundingAt(contract, Math.max(from - 1, contract.listedAt)); at <= end; at = nextFundingAt(contract, at)) count += 1;
  return count;
}

/** GET /api/v2/mix/market/history-fund-rate: page by page, newest first, at most 100 a page. */
export function fundingHistory(model: Model, query: URLSearchParams, now: number): WireAnswer {
  const contract = oneOf(model, query, now);
  const [size, page] = [wholeNumber(query, 'pageSize') ?? 20, wholeNumber(query, 'pageNo') ?? 1];
  if ('status' in contract) return contract;
  if (!(size >= 1 && size <= MAX_RATES && page >= 1)) return badParameter(now);
  const oldest = servedFrom(now);
  const rows: object[] = [];
  let before = (page - 1) * size;
  // Piece by piece from the end; those before the page are only counted. In the newest one some may not be posted yet.
  for (let until = now; until >= oldest && rows.length < before + size; until -= PIECE) {
    const from = Math.max(until - PIECE + 1, oldest);
    const count = until === now ? Infinity : countOf(contract, from, until);
    if (rows.length === 0 && count <= before) {
      before -= count;
      continue;
    }
    for (const { stamp, rate } of [...settlements(model.process, contract, from, until, now)].reverse())
      rows.push({ symbol: contract.symbol, fundingRate: trimmed(rate, 16), fundingTime: String(stamp) });
    if (rows.length <= before) {
      before -= rows.length;
      rows.length = 0;
    }
  }
  return good(rows.slice(before, before + size), now);
}

/** GET history-mark-candles and history-index-candles: closed ones, oldest first, the newest 200 of the time asked for. */
export function priceCandles(model: Model, kind: PriceKind, query: URLSearchParams, now: number): WireAnswer {
  const contract = oneOf(model, query, now);
  const minutes = BARS[query.get('granularity') ?? ''];
  const [start, end] = [wholeNumber(query, 'startTime') ?? 0, wholeNumber(query, 'endTime') ?? now];
  const limit = wholeNumber(query, 'limit') ?? 100;
  if ('status' in contract) return contract;
  if (minutes === undefined || !(limit >= 1 && limit <= MAX_CANDLES && start <= end) || end - start > 90 * DAY) return badParameter(now);
  const range = { from: Math.max(start, servedFrom(now)), to: end, limit, keep: 'newest', now } as const;
  const rows = candles(model.process, contract, kind, minutes, range).filter((candle) => candle.start + minutes * 60_000 <= now);
  const texts = rows.map(({ start: open, ...prices }) => {
    const digits = priceDecimals(prices.close);
    return [String(open), ...[prices.open, prices.high, prices.low, prices.close].map((price) => price.toFixed(digits)), '0', '0'];
  });
  return good(texts, now);
}
