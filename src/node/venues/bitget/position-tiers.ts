import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import { asRow, labelOf, listOf, malformed, readAmount, readNumber } from '../common/read.ts';
import { NAME, parseAnswer } from './body.ts';

type PositionTiers = Pick<OrderRules, 'maintenance' | 'maxNotional' | 'notes'>;

/**
 * Body of GET /api/v2/mix/market/query-position-lever: tiers of position value in quote money. Since 2025-11-10 a position pays
 * each tier's rate on what lies in that tier, which takes an amount off: https://www.bitget.com/support/articles/12560603841843 and
 * .../12560603808759; older positions pay the rate of their tier on the whole.
 */
export function parsePositionTiers(text: string, symbol: string): PositionTiers {
  const rows = listOf(NAME, parseAnswer(text).data, 'list of position tiers').map((item) => {
    const row = asRow(item);
    if (row?.['symbol'] !== symbol) throw malformed(NAME, `asked for the position tiers of ${symbol}, told of ${labelOf(row?.['symbol'])}`);
    const start = readNumber(row['startUnit']);
    const [end, rate, leverage] = ['endUnit', 'keepMarginRate', 'leverage'].map((name) => readAmount(row[name]));
    if (start === null || start < 0 || !end || !rate || !leverage)
      throw malformed(NAME, `position tiers of ${symbol}: one without startUnit, endUnit, keepMarginRate or leverage`);
    return { start: exact(String(row['startUnit'])), end: exact(end), rate: exact(rate), leverage: exact(leverage) };
  });
  rows.sort((a, b) => a.start.cmp(b.start));
  const last = rows.at(-1);
  if (last === undefined) {
    const notes = [`${NAME} lists no position tiers for it, so there is no maintenance margin.`];
    return { maintenance: null, maxNotional: null, notes };
  }
  const isBroken = rows.some(({ start, end }, i) => !start.eq(rows[i - 1]?.end ?? 0) || end.lte(start));
  if (isBroken) throw malformed(NAME, `position tiers of ${symbol}: they do not follow upon each other from 0`);
  const tiers = rows.map(({ start, rate, leverage }): Tier => ({
    floor: start.toFixed(),
    rate: rate.toFixed(),
    maxLeverage: leverage.toFixed(),
  }));
  return { maintenance: { kind: 'tiers', tiers, charge: 'marginal', by: 'notional' }, maxNotional: last.end.toFixed(), notes: [] };
}
