import type { VenuePoll, Untold } from '#core/venue.ts';
import type { Instrument } from '#domain/instrument.ts';
import { sizeOf } from '../common/amounts.ts';
import { asAnswerTime, buildPoll, type PollBuilder } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { NAME, parseResult } from './body.ts';
import { type DeribitListing, namedInstrument } from './instruments.ts';

/** `current_funding` is quoted for it. */
const QUOTED_H = 8;

export interface Summary {
  readonly rows: readonly unknown[];
  readonly at: number | null;
}

/** Body of get_book_summary_by_currency?kind=future. */
export function parseSummary(text: string): Summary {
  const { result, at } = parseResult(text);
  return { rows: listOf(NAME, result, 'book summary'), at };
}

export interface DeribitKnown {
  readonly listings: ReadonlyMap<string, DeribitListing> | null;
  readonly lacks: (symbol: string) => boolean;
}

export function readRates(
  summaries: readonly Summary[],
  { listings, lacks }: DeribitKnown,
  now: number,
  notes: readonly string[] = [],
  untold: readonly Untold[] = [],
): VenuePoll {
  const at = summaries[0]?.at ?? null;
  const market = buildPoll(NAME, now, at);
  for (const item of summaries.flatMap(({ rows }) => rows)) {
    const row = asRow(item);
    const symbol = row?.['instrument_name'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    // Beside them stand dated futures.
    if (!symbol.endsWith('-PERPETUAL')) continue;
    const listing = listings?.get(symbol);
    const instrument = listing?.instrument ?? namedInstrument(symbol);
    if (listing?.isActive === false) market.close(symbol);
    else if (listings !== null && listing === undefined && lacks(symbol)) market.leaveOut(symbol);
    else if (instrument === null) market.refuse(symbol, 'its coins are not named');
    else addRate(market, instrument, row, at ?? now);
  }
  return { ...market.build(notes), ...(untold.length > 0 && { untold }) };
}

/** `funding_8h` beside the rate is what the last eight hours came to, no rate of now. Amounts are dollars of inverse contracts, coins of the others. */
function addRate(market: PollBuilder, instrument: Instrument, row: Row, at: number): void {
  const { symbol, contract } = instrument;
  const rate = readNumber(row['current_funding']);
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const mark = readNumber(row['mark_price']);
  const snapshot = {
    symbol,
    rate,
    intervalH: QUOTED_H,
    nextFundingAt: null,
    mark,
    // Of a perpetual: the index of now.
    index: readNumber(row['estimated_delivery_price']),
    ...sizeOf(instrument, mark, {
      openInterest: { amount: readNumber(row['open_interest']), counted: contract === 'inverse' ? 'quote' : 'base' },
      volume24h: { amount: readNumber(row['volume_notional']) ?? readNumber(row['volume_usd']), counted: 'quote' },
    }),
    interestPer8h: null,
  };
  market.add(instrument, snapshot, asAnswerTime(readTime(row['creation_timestamp'])) ?? at);
}
