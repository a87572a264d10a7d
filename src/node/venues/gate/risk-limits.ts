import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import { asRow, labelOf, malformed, readAmount, readNumber } from '../common/read.ts';
import { grouped } from '../common/rules.ts';
import { NAME, parseList } from './body.ts';

export type RiskLimits = Pick<OrderRules, 'maintenance' | 'maxNotional' | 'notes'>;

/**
 * Body of GET /api/v4/futures/{settle}/risk_limit_tiers of one contract: each row is a tier up to a position value in `money`, the
 * settle currency. Only the part of a position above the tier before pays a tier's rate, which `deduction` takes into account
 * (https://www.gate.com/help/futures/futures-logic/22162).
 */
export function parseRiskLimits(text: string, symbol: string, money: string, quote: string): RiskLimits {
  const rows = parseList(text, 'list of risk limits').map((item) => {
    const row = asRow(item);
    const name = row?.['contract'];
    if (name !== undefined && name !== '' && name !== symbol)
      throw malformed(NAME, `asked for the risk limits of ${symbol}, told of ${labelOf(name)}`);
    const [limit, rate, leverage] = ['risk_limit', 'maintenance_rate', 'leverage_max'].map((field) => readAmount(row?.[field]));
    if (!limit || !rate || !leverage)
      throw malformed(NAME, `risk limits of ${symbol}: one without risk_limit, maintenance_rate or leverage_max above 0`);
    const deduction = readNumber(row?.['deduction']) === 0 ? '0' : readAmount(row?.['deduction']);
    return { limit: exact(limit), rate, leverage, cum: deduction };
  });
  rows.sort((a, b) => a.limit.cmp(b.limit));
  if (rows.some(({ limit }, i) => i > 0 && limit.eq(rows[i - 1]?.limit ?? 0)))
    throw malformed(NAME, `risk limits of ${symbol}: a tier twice`);
  const most = rows.at(-1)?.limit.toFixed();
  if (most === undefined)
    return { maintenance: null, maxNotional: null, notes: [`${NAME} lists no risk limits for it, so there is no maintenance margin.`] };
  const tiers = rows.map(({ rate, leverage, cum }, i): Tier => ({
    floor: rows[i - 1]?.limit.toFixed() ?? '0',
    rate,
    maxLeverage: leverage,
    ...(cum !== null && { cum }),
  }));
  return {
    maintenance: { kind: 'tiers', tiers },
    // Of a contract that settles in its coin it is an amount of that coin, and no quote money.
    maxNotional: money === quote ? most : null,
    notes: [`The largest position that ${NAME} allows is worth ${grouped(most)} ${money}.`],
  };
}
