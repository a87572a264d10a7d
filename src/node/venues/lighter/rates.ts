import type { VenuePoll } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import { sizeOf } from '../common/amounts.ts';
import { buildPoll, perpetual } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber } from '../common/read.ts';
import { ID, NAME, parseObject } from './body.ts';
import type { LighterMarket } from './markets.ts';

/** Funding is paid every hour on the hour; rates are quoted for 8 h. */
const INTERVAL_H = 1;
const QUOTED_H = 8;

/** Body of GET /api/v1/funding-rates: rates of this exchange and of three others, which are those exchanges' own to tell. */
export function parseRates(text: string): readonly unknown[] {
  const list = listOf(NAME, parseObject(text, 'funding rates')['funding_rates'], 'list of rates');
  const own = list.filter((item) => (asRow(item)?.['exchange'] ?? 'lighter') === 'lighter');
  if (own.length === 0) throw empty(NAME, 'funding-rates has no row of its own');
  return own;
}

/** `markets` null: their list was not to be had, and with it prices and sizes. */
export function readRates(
  rows: readonly unknown[],
  markets: ReadonlyMap<string, LighterMarket> | null,
  now: number,
  notes: readonly string[] = [],
): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const known = markets?.get(symbol);
    const quoted = readNumber(row['rate']);
    if (known?.isActive === false) market.close(symbol);
    else if (markets !== null && known === undefined) market.leaveOut(symbol);
    else if (quoted === null) market.refuse(symbol, 'no rate');
    else {
      const instrument = perpetual({ venue: ID, symbol, base: symbol, quote: 'USD', settle: 'USDC' });
      const mark = readNumber(known?.row['mark_price']);
      const snapshot = {
        symbol,
        rate: (quoted * INTERVAL_H) / QUOTED_H,
        intervalH: INTERVAL_H,
        nextFundingAt: (Math.floor(now / HOUR_MS) + 1) * HOUR_MS,
        mark,
        index: readNumber(known?.row['index_price']),
        ...sizeOf(instrument, mark, {
          openInterest: { amount: readNumber(known?.row['open_interest']), counted: 'base' },
          volume24h: { amount: readNumber(known?.row['daily_quote_token_volume']), counted: 'quote' },
        }),
        interestPer8h: null,
      };
      market.add(instrument, snapshot, now);
    }
  }
  return market.build(notes);
}
