import type { VenuePoll } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import { answerTime, asAnswerTime, buildPoll, statedInterest, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { NAME, parseResults } from './body.ts';
import type { ParadexMarket } from './markets.ts';

const timeOf = (row: Row | null): number | null => asAnswerTime(readTime(row?.['created_at']));

/** Body of GET /v1/markets/summary?market=ALL: of every market its rate (of its funding period), prices and sizes. */
export function parseSummary(
  text: string,
  markets: ReadonlyMap<string, ParadexMarket>,
  lacks: (symbol: string) => boolean,
  now: number,
  notes: readonly string[] = [],
): VenuePoll {
  const rows = parseResults(text, 'summary of markets');
  if (rows.length === 0) throw empty(NAME, 'markets/summary is an empty list');
  const time = answerTime(rows.flatMap((item) => timeOf(asRow(item)) ?? []));
  const market = buildPoll(NAME, now, time);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const known = markets.get(symbol);
    // Options and the like are known by their names too.
    if (known === undefined && !symbol.endsWith('-PERP')) continue;
    const rate = readNumber(row['funding_rate']);
    if (known === undefined) {
      if (lacks(symbol)) market.leaveOut(symbol);
      else market.refuse(symbol, 'its market is not described');
    } else if (rate === null) market.refuse(symbol, 'no rate');
    else {
      const mark = readNumber(row['mark_price']);
      const { instrument, periodH, cap, interestPer8h } = known;
      const snapshot = {
        symbol,
        rate,
        intervalH: periodH,
        nextFundingAt: null,
        mark,
        index: readNumber(row['underlying_price']),
        ...sizeOf(instrument, mark, {
          openInterest: { amount: readNumber(row['open_interest']), counted: 'base' },
          volume24h: { amount: readNumber(row['volume_24h']), counted: 'quote' },
        }),
        ...(interestPer8h === null ? { interestPer8h } : statedInterest(interestPer8h)),
        ...statedLimits(cap, cap === undefined ? undefined : -cap),
      };
      market.add(instrument, snapshot, timeOf(row) ?? time ?? now);
    }
  }
  return market.build(notes);
}
