import type { VenuePoll } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import { asAnswerTime, buildPoll, type PollBuilder, perpetual, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME, parseAnswer, rowsOf, type WooAnswer } from './body.ts';
import { coinsOf, type WooListing } from './contracts.ts';
import { INTEREST } from './formula.ts';

export interface WooKnown {
  readonly listings: ReadonlyMap<string, WooListing> | null;
  /** Rows of prices and sizes; null: they could not be read this time. */
  readonly futures: ReadonlyMap<string, Row> | null;
  readonly lacks: (symbol: string) => boolean;
}

const TERMS = { contract: 'linear', contractSize: 1 } as const;
/** Rates are estimated once a minute, and hold until the next time: one that is older stands still. */
const ESTIMATE_MS = 90_000;

/** Body of GET /v3/public/futures by symbol. */
export function parseFutures(text: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const item of rowsOf(parseAnswer(text), 'list of futures')) {
    const row = asRow(item);
    if (row !== null && isSymbol(row['symbol'])) rows.set(row['symbol'], row);
  }
  return rows;
}

/** Answer of GET /v3/public/fundingRate: the rates that run, with the interval in progress, beside the ones that were paid last. */
export function readPoll(answer: WooAnswer, known: WooKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const rows = rowsOf(answer, 'list of funding rates');
  if (rows.length === 0) throw empty(NAME, 'fundingRate has no rows');
  const market = buildPoll(NAME, now, answer.time);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const listing = known.listings?.get(symbol);
    if (listing?.live === false) continue;
    if (listing === undefined && known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else addRate(market, symbol, row, listing, known.futures?.get(symbol), answer.time ?? now);
  }
  return market.build(notes);
}

function addRate(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: WooListing | undefined,
  future: Row | undefined,
  answeredAt: number,
): void {
  const coins = listing ?? coinsOf(symbol);
  const rate = readNumber(row['estFundingRate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: the list of instruments does not hold it' : 'no rate');
    return;
  }
  const estimatedAt = asAnswerTime(readTime(row['estFundingRateTimestamp']));
  const stands = estimatedAt !== null && answeredAt - estimatedAt > ESTIMATE_MS;
  const next = readTime(row['nextFundingTime']);
  const mark = readNumber(future?.['markPrice']);
  const { base, quote } = coins;
  market.add(
    perpetual({ venue: ID, symbol, base, quote, settle: quote }),
    {
      symbol,
      rate,
      intervalH: hoursOf(row['estFundingIntervalHours']),
      nextFundingAt: next !== null && next > answeredAt ? next : null,
      mark,
      index: readNumber(future?.['indexPrice']),
      ...sizeOf(TERMS, mark, {
        openInterest: { amount: readNumber(future?.['openInterest']), counted: 'base' },
        volume24h: { amount: readNumber(future?.['24hAmount']), counted: 'quote' },
      }),
      interestPer8h: INTEREST,
      ...statedLimits(listing?.cap, listing?.floor),
    },
    stands ? estimatedAt : answeredAt,
  );
}

/** Whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = readNumber(value);
  return hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}
