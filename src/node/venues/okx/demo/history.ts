import { candles, type PriceKind } from '#node/demo/candles.ts';
import { servedFrom } from '#node/demo/contracts.ts';
import { settlements } from '#node/demo/funding.ts';
import { priceDecimals, trimmed, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { badParameter, good, noInstrument } from './words.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const MAX_RATES = 400;
const MAX_CANDLES = 100;
const BARS: Readonly<Record<string, number>> = { '1m': 1, '3m': 3, '5m': 5, '15m': 15, '30m': 30, '1H': 60, '2H': 120, '4H': 240 };

/** `after`: earlier than it; `before`: newer than it; neither holds its own time. Null: one of them or the limit is none. */
function pageOf(query: URLSearchParams, now: number, most: number): { from: number; to: number; limit: number } | null {
  const [after, before, limit] = ['after', 'before', 'limit'].map((name) => wholeNumber(query, name));
  const page = { from: (before ?? -1) + 1, to: (after ?? now + 1) - 1, limit: Math.min(limit ?? most, most) };
  return Object.values(page).some(Number.isNaN) || page.limit < 1 ? null : page;
}

/** GET /api/v5/public/funding-rate-history: newest first, at most 400, some three months. */
export function fundingHistory({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const instId = query.get('instId') ?? '';
  const contract = contracts.find('okx', instId, now);
  const page = pageOf(query, now, MAX_RATES);
  if (contract === null) return noInstrument();
  if (page === null) return badParameter('limit');
  const oldest = Math.max(page.from, servedFrom(now));
  const data: object[] = [];
  // Piece by piece from the end, so that a page costs no more than what is in it.
  for (let until = Math.min(page.to, now); until >= oldest && data.length < page.limit; until -= 8 * DAY) {
    const piece = [...settlements(process, contract, Math.max(until - 8 * DAY + 1, oldest), until, now)];
    for (const { stamp, rate } of piece.reverse()) {
      const text = trimmed(rate, 16);
      data.push({
        formulaType: 'withRate',
        fundingRate: text,
        fundingTime: String(stamp),
        instId,
        instType: 'SWAP',
        method: 'current_period',
        realizedRate: text,
      });
    }
  }
  return good(data.slice(0, page.limit));
}

/** history-mark-price-candles and history-index-candles: newest first, at most 100; the last field tells if it is closed. */
export function priceCandles({ contracts, process }: Model, kind: PriceKind, query: URLSearchParams, now: number): WireAnswer {
  const instId = query.get('instId') ?? '';
  const contract = contracts.find('okx', kind === 'index' ? `${instId}-SWAP` : instId, now);
  const minutes = BARS[query.get('bar') ?? '1m'];
  const page = pageOf(query, now, MAX_CANDLES);
  if (contract === null) return noInstrument();
  if (minutes === undefined) return badParameter('bar');
  if (page === null) return badParameter('limit');
  const range = { ...page, from: Math.max(page.from, servedFrom(now)), keep: 'newest', now } as const;
  const rows = candles(process, contract, kind, minutes, range).map(({ start, open, high, low, close }) => {
    const digits = priceDecimals(close);
    const closed = start + minutes * MINUTE <= now ? '1' : '0';
    return [String(start), ...[open, high, low, close].map((price) => price.toFixed(digits)), closed];
  });
  return good(rows.reverse());
}
