import type { VenuePoll } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import { readIso } from '../common/iso.ts';
import { answerTime, asAnswerTime, buildPoll, type PollBuilder, statedInterest, statedLimits } from '../common/poll.ts';
import { asRow, empty, readNumber, type Row } from '../common/read.ts';
import { NAME, parseList } from './body.ts';
import { capOf, interestOf, isPerpetual, readContract, readInterval } from './contracts.ts';

/** Rows of GET /api/v1/instrument/active, those that are perpetuals. Throws VenueError where it holds none of any kind. */
export function parseActive(text: string): readonly Row[] {
  const list = parseList(text, 'list of instruments');
  if (list.length === 0) throw empty(NAME, 'instrument/active is an empty list');
  return list.flatMap((item) => {
    const row = asRow(item);
    // What is no object at all is told of where it is read.
    return row === null ? [{}] : isPerpetual(row) ? [row] : [];
  });
}

const timeOf = (row: Row): number | null => asAnswerTime(readIso(row['timestamp']));

export function readRates(rows: readonly Row[], now: number): VenuePoll {
  const time = answerTime(rows.flatMap((row) => timeOf(row) ?? []));
  const market = buildPoll(NAME, now, time);
  for (const row of rows) {
    const { symbol, state } = row;
    if (state === 'Settled' && typeof symbol === 'string') market.close(symbol);
    // Not traded yet.
    else if (state !== 'Unlisted') addRate(market, row, timeOf(row) ?? time ?? now);
  }
  return market.build([]);
}

/** `fundingRate` is what will be paid at `fundingTimestamp`; `indicativeFundingRate` is of the interval after it. */
function addRate(market: PollBuilder, row: Row, at: number): void {
  const { instrument, reason } = readContract(row);
  const rate = readNumber(row['fundingRate']);
  if (instrument === null || rate === null) {
    market.refuse(row['symbol'], reason ?? 'no rate');
    return;
  }
  const mark = readNumber(row['markPrice']);
  const cap = capOf(row);
  const snapshot = {
    symbol: instrument.symbol,
    rate,
    intervalH: readInterval(row['fundingInterval']),
    nextFundingAt: readIso(row['fundingTimestamp']),
    mark,
    // Of a perpetual, what it would be settled at now: the index that the fair price is made of.
    index: readNumber(row['indicativeSettlePrice']),
    ...sizeOf(instrument, mark, {
      openInterest: { amount: readNumber(row['openInterest']), counted: 'contracts' },
      volume24h: { amount: readNumber(row['foreignNotional24h']), counted: 'quote' },
    }),
    ...statedInterest(interestOf(row)),
    ...statedLimits(cap ?? undefined, cap === null ? undefined : -cap),
  };
  market.add(instrument, snapshot, at);
}
