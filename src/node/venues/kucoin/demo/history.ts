import { CANDLE_MINUTES, candles, type PriceKind } from '#node/demo/candles.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { settlements } from '#node/demo/funding.ts';
import { priceDecimals, wholeNumber, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { badParameter, ended, good, indexOf, noContract } from './words.ts';

const DAY = 86_400_000;
const MAX_RATES = 100;
const MAX_KLINES = 200;

/** GET /api/v1/contract/funding-rates: newest first, at most 100 of the window, both ends of which are asked for and count. */
export function fundingRates({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const symbol = query.get('symbol') ?? '';
  const [from, to] = [wholeNumber(query, 'from'), wholeNumber(query, 'to')];
  if (from === null || to === null || Number.isNaN(from) || Number.isNaN(to)) return badParameter();
  const contract = contracts.find('kucoin', symbol, now);
  if (contract === null) return noContract();
  const oldest = Math.max(from, servedFrom(now));
  const data: object[] = [];
  // Piece by piece from the end, so that a page costs no more than what is in it.
  for (let until = Math.min(to, now); until >= oldest && data.length < MAX_RATES; until -= 8 * DAY) {
    const piece = [...settlements(process, contract, Math.max(until - 8 * DAY + 1, oldest), until, now)];
    for (const { stamp, rate } of piece.reverse()) data.push({ symbol, fundingRate: Number(rate.toFixed(6)), timepoint: stamp });
  }
  return good(data.slice(0, MAX_RATES));
}

/** GET /api/v1/kline/query of a contract (trades), its index or its premium: oldest first, at most 200. */
export function klines({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  const asked = query.get('symbol') ?? '';
  const minutes = wholeNumber(query, 'granularity') ?? NaN;
  const [from, to] = [wholeNumber(query, 'from'), wholeNumber(query, 'to')];
  if (!CANDLE_MINUTES.includes(minutes) || Number.isNaN(from) || Number.isNaN(to)) return badParameter();
  const found = seriesOf(contracts.of('kucoin', now), asked, now);
  if (found === null) return noContract();
  const { contract, kind } = found;
  const range = {
    from: Math.max(from ?? 0, servedFrom(now)),
    to: to ?? now,
    limit: MAX_KLINES,
    keep: from === null ? 'newest' : 'first',
    now,
  } as const;
  return good(
    candles(process, contract, kind, minutes, range).map(({ start, open, high, low, close, turnover }) => {
      const digits = kind === 'premium' ? 6 : priceDecimals(close);
      const prices = [open, high, low, close].map((price) => Number(price.toFixed(digits)));
      return [start, ...prices, Math.round(turnover / close), Number(turnover.toFixed(4))];
    }),
  );
}

function seriesOf(contracts: readonly Contract[], asked: string, now: number): { contract: Contract; kind: PriceKind } | null {
  for (const contract of contracts) {
    if (contract.symbol === asked) return { contract, kind: 'last' };
    if (`.${contract.symbol}PI` === asked) return { contract, kind: 'premium' };
    if (indexOf(contract) === asked && !ended(contract, now)) return { contract, kind: 'index' };
  }
  return null;
}
