import { CANDLE_MINUTES, candles, type PriceKind } from '#node/demo/candles.ts';
import { servedFrom, type Contract } from '#node/demo/contracts.ts';
import { settlements, type Settlement } from '#node/demo/funding.ts';
import { type DemoMarket, perpetualOn } from './market.ts';
import { fail, fixed } from './words.ts';
import { json, priceDecimals, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(
  CANDLE_MINUTES.map((m) => [m < 60 ? `${m}m` : m < 1440 ? `${m / 60}h` : '1d', m]),
);
const MAX_RATES = 1000;
const MAX_KLINES = 1500;

interface Range {
  readonly start: number | null;
  readonly end: number | null;
  readonly limit: number;
}

function rangeOf(query: URLSearchParams, usual: number, most: number): Range | WireAnswer {
  const limit = wholeNumber(query, 'limit') ?? usual;
  const start = wholeNumber(query, 'startTime');
  const end = wholeNumber(query, 'endTime');
  const broken = [
    ['limit', Number.isNaN(limit) || limit < 1 || limit > most],
    ['startTime', Number.isNaN(start)],
    ['endTime', Number.isNaN(end)],
  ].find(([, isBroken]) => isBroken);
  if (broken) return fail(-1130, `Data sent for parameter '${String(broken[0])}' is not valid.`);
  if (start !== null && end !== null && start > end) return fail(-1023, 'Start time is greater than end time.');
  return { start, end, limit };
}

/** The rows of one symbol (or of all) in [startTime, endTime], ascending: the first ones, or the newest where no start is given. */
export function fundingRate(
  { id, coinMargined }: DemoMarket,
  { contracts, process }: Model,
  query: URLSearchParams,
  now: number,
): WireAnswer {
  const range = rangeOf(query, 100, MAX_RATES);
  if ('status' in range) return range;
  const symbol = query.get('symbol');
  const one = symbol === null ? null : contracts.find(id, symbol, now);
  if (symbol !== null && !one) return fail(-1121, 'Invalid symbol.');
  const asked = one ? [one] : contracts.of(id, now);
  const to = Math.min(range.end ?? now, now);
  const oldest = servedFrom(now);
  // Piece by piece, so that a page costs no more than what is in it.
  const piece = one ? 40 * DAY : DAY;
  const rowsIn = (from: number, until: number) =>
    asked
      .flatMap((contract) => Array.from(settlements(process, contract, from, until, now), (settled) => ({ contract, settled })))
      .sort((a, b) => a.settled.stamp - b.settled.stamp);
  const rows: { contract: Contract; settled: Settlement }[] = [];
  if (range.start === null) {
    for (let until = to; until >= oldest && rows.length < range.limit; until -= piece) {
      rows.unshift(...rowsIn(Math.max(until - piece + 1, oldest), until));
    }
  } else {
    for (let from = Math.max(range.start, oldest); from <= to && rows.length < range.limit; from += piece) {
      rows.push(...rowsIn(from, Math.min(from + piece - 1, to)));
    }
  }
  const page = range.start === null ? rows.slice(-range.limit) : rows.slice(0, range.limit);
  return json(
    page.map(({ contract, settled }) => ({
      symbol: contract.symbol,
      fundingTime: settled.stamp,
      fundingRate: fixed(settled.rate),
      // The page of coin-margined ones knows no mark.
      ...(!coinMargined && { markPrice: fixed(process.mark(contract, settled.at)) }),
    })),
  );
}

/** Candles, ascending; index candles are asked by pair. */
export function klines(
  market: DemoMarket,
  { contracts, process }: Model,
  kind: PriceKind,
  query: URLSearchParams,
  now: number,
): WireAnswer {
  const name = kind === 'index' ? 'pair' : 'symbol';
  const symbol = query.get(name);
  if (!symbol) return fail(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
  const minutes = INTERVALS[query.get('interval') ?? ''];
  if (minutes === undefined) return fail(-1120, 'Invalid interval.');
  const asked = rangeOf(query, 500, MAX_KLINES);
  if ('status' in asked) return asked;
  const contract = contracts.find(market.id, kind === 'index' ? perpetualOn(market, symbol) : symbol, now);
  if (!contract) return kind === 'index' ? fail(-1122, 'Invalid pair.') : fail(-1121, 'Invalid symbol.');
  const oldest = servedFrom(now);
  // Coin-margined ones give the newest up to the end.
  const keep = asked.start === null || market.coinMargined ? 'newest' : 'first';
  const range = { from: Math.max(asked.start ?? oldest, oldest), to: asked.end ?? now, limit: asked.limit, keep, now } as const;
  const rows = candles(process, contract, kind, minutes, range).map((c) => {
    const end = c.start + minutes * 60_000 - 1;
    const prices = [c.open, c.high, c.low, c.close];
    if (kind !== 'last') return [c.start, ...prices.map(fixed), '0', end, '0', 60, '0', '0', '0'];
    const base = c.turnover / c.close;
    const digits = priceDecimals(c.close);
    const trades = 40 + Math.floor(c.turnover / 900);
    const taker = [(base / 2).toFixed(3), (c.turnover / 2).toFixed(5)];
    return [c.start, ...prices.map((p) => p.toFixed(digits)), base.toFixed(3), end, c.turnover.toFixed(5), trades, ...taker, '0'];
  });
  return json(rows);
}
