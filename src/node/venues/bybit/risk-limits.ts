import type { OrderRules } from '#core/venue.ts';
import { exact, type Exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import { asRow, labelOf, listOf, malformed, readAmount } from '../common/read.ts';
import { grouped } from '../common/rules.ts';

export type RiskLimits = Pick<OrderRules, 'maintenance' | 'maxNotional' | 'notes'>;

/** Bodies give margins as shares (0.005) for linear contracts and in percent (0.5) elsewhere; initial margin x leverage tells which. */
function unitOf(initial: Exact, maxLeverage: Exact): number | null {
  const whole = initial.times(maxLeverage).toNumber();
  if (whole > 0.5 && whole < 2) return 1;
  return whole > 50 && whole < 200 ? 100 : null;
}

/**
 * The list of GET /v5/market/risk-limit for one symbol: each row is a tier up to its position value, which is in the coin that an
 * inverse contract settles in (`coin`; null: in quote money).
 */
export function parseRiskLimits(venue: string, symbol: string, list: unknown, coin: string | null): RiskLimits {
  const rows = listOf(venue, list, 'list of risk limits').map((item) => {
    const row = asRow(item);
    if (row?.['symbol'] !== symbol) throw malformed(venue, `asked for the risk limits of ${symbol}, told of ${labelOf(row?.['symbol'])}`);
    const [limit, rate, initial, leverage] = ['riskLimitValue', 'maintenanceMargin', 'initialMargin', 'maxLeverage'].map((name) => {
      const amount = readAmount(row[name]);
      if (amount === null) throw malformed(venue, `risk limits of ${symbol}: ${name} is no number above 0`);
      return exact(amount);
    });
    const unit = initial && leverage ? unitOf(initial, leverage) : null;
    if (!limit || !rate || !leverage || unit === null)
      throw malformed(venue, `risk limits of ${symbol}: initial margin and leverage disagree`);
    return { limit, rate: rate.div(unit), leverage, cum: readAmount(row['mmDeduction']) };
  });
  rows.sort((a, b) => a.limit.cmp(b.limit));
  if (rows.some((row, i) => i > 0 && row.limit.eq(rows[i - 1]?.limit ?? 0)))
    throw malformed(venue, `risk limits of ${symbol}: a tier twice`);
  const last = rows.at(-1);
  if (last === undefined) {
    const notes = [`${venue} lists no risk limits for it, so there is no maintenance margin.`];
    return { maintenance: null, maxNotional: null, notes };
  }
  const tiers = rows.map(({ rate, leverage, cum }, i): Tier => ({
    floor: i === 0 ? '0' : (rows[i - 1]?.limit.toFixed() ?? '0'),
    rate: rate.toFixed(),
    maxLeverage: leverage.toFixed(),
    ...(cum !== null && { cum }),
  }));
  return {
    maintenance: { kind: 'tiers', tiers },
    maxNotional: coin === null ? last.limit.toFixed() : null,
    notes: [`The largest position that ${venue} allows is worth ${grouped(last.limit.toFixed())} ${coin ?? 'in the quote currency'}.`],
  };
}
