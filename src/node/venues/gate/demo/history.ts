import { CANDLE_MINUTES, candles } from '#node/demo/candles.ts';
import { servedFrom } from '#node/demo/contracts.ts';
import { settlements } from '#node/demo/funding.ts';
import { json, priceDecimals, trimmed, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { badParameter, noContract, seconds } from './words.ts';

const DAY = 86_400_000;
const MAX_RATES = 1_000;
const MAX_CANDLES = 2_000;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(
  CANDLE_MINUTES.map((minutes) => [minutes < 60 ? `${minutes}m` : minutes < 1_440 ? `${minutes / 60}h` : '1d', minutes]),
);

/** GET /futures/{settle}/funding_rate: the newest of [from, to], newest first, 100 by default and at most 1,000. */
export function fundingHistory({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const contract = contracts.find('gate', query.get('contract') ?? '', now);
  const [from, to, limit] = [wholeNumber(query, 'from') ?? 0, wholeNumber(query, 'to') ?? seconds(now), wholeNumber(query, 'limit') ?? 100];
  if (contract === null) return noContract();
  if ([from, to, limit].some(Number.isNaN) || limit < 1 || limit > MAX_RATES) return badParameter('limit');
  const oldest = Math.max(from * 1_000, servedFrom(now));
  const rows: { r: string; t: number }[] = [];
  // Piece by piece from the end, so that a page costs no more than what is in it.
  for (let until = Math.min(to * 1_000, now); until >= oldest && rows.length < limit; until -= 8 * DAY) {
    const piece = [...settlements(process, contract, Math.max(until - 8 * DAY + 1, oldest), until, now)];
    for (const { stamp, rate } of piece.reverse()) rows.push({ r: trimmed(rate, 8), t: seconds(stamp) });
  }
  return json(rows.slice(0, limit));
}

/** GET /futures/{settle}/candlesticks of mark_, index_ or the trades of a contract: oldest first; at most 2,000 between `from` and `to`. */
export function candlesticks({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const [, prefix, symbol = ''] = /^(mark_|index_)?(.*)$/u.exec(query.get('contract') ?? '') ?? [];
  const kind = prefix === 'mark_' ? 'mark' : prefix === 'index_' ? 'index' : 'last';
  const contract = contracts.find('gate', symbol, now);
  const minutes = INTERVALS[query.get('interval') ?? '5m'];
  const [from, to, limit] = ['from', 'to', 'limit'].map((name) => wholeNumber(query, name));
  if (contract === null) return noContract();
  if (minutes === undefined) return badParameter('interval');
  if ([from, to, limit].some(Number.isNaN) || (limit !== null && (from !== null || to !== null))) return badParameter('limit');
  const end = (to ?? seconds(now)) * 1_000;
  const start = from === null || from === undefined ? end - ((limit ?? 100) - 1) * minutes * 60_000 : from * 1_000;
  if (end - start > MAX_CANDLES * minutes * 60_000) return badParameter('from');
  const range = { from: Math.max(start, servedFrom(now)), to: end, limit: MAX_CANDLES, keep: 'first', now } as const;
  return json(
    candles(process, contract, kind, minutes, range).map(({ start: t, open, high, low, close, turnover }) => {
      const digits = priceDecimals(close);
      const [o, h, l, c] = [open, high, low, close].map((price) => price.toFixed(digits));
      return { t: seconds(t), o, h, l, c, ...(kind === 'last' && { v: Math.round(turnover / close), sum: turnover.toFixed(2) }) };
    }),
  );
}
