import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import { asRow, labelOf, listOf, malformed } from '../common/read.ts';
import { grouped } from '../common/rules.ts';
import { NAME, parseData } from './body.ts';
import { firstLevelOf, type KucoinContract, plainAmount, type RiskLevel } from './contracts.ts';

export type RiskLimits = Pick<OrderRules, 'maintenance' | 'maxNotional' | 'notes'>;

/** Body of GET /api/v1/contracts/risk-limit/{symbol}: each row is a level of positions up to its value, `maxRiskLimit` included. */
export function parseRiskLimits(text: string, symbol: string): RiskLevel[] {
  const levels = listOf(NAME, parseData(text), 'list of risk limits').map((item): RiskLevel => {
    const row = asRow(item);
    if (row?.['symbol'] !== symbol) throw malformed(NAME, `asked for the risk limits of ${symbol}, told of ${labelOf(row?.['symbol'])}`);
    const [limit, rate, maxLeverage] = ['maxRiskLimit', 'maintainMargin', 'maxLeverage'].map((name) => plainAmount(row[name]));
    if (!limit || !rate || !maxLeverage)
      throw malformed(NAME, `risk limits of ${symbol}: one without maxRiskLimit, maintainMargin or maxLeverage above 0`);
    return { limit, rate, maxLeverage };
  });
  levels.sort((a, b) => exact(a.limit).cmp(b.limit));
  if (levels.some(({ limit }, i) => i > 0 && limit === levels[i - 1]?.limit))
    throw malformed(NAME, `risk limits of ${symbol}: a level twice`);
  return levels;
}

/**
 * The rate of a level is that of a whole position in it. Values are in the settle currency: of an inverse contract in coins, which bound
 * no amount of quote money.
 */
export function riskLimitsOf(levels: readonly RiskLevel[], { contract, settle }: KucoinContract): RiskLimits {
  const last = levels.at(-1);
  if (last === undefined)
    return { maintenance: null, maxNotional: null, notes: [`${NAME} states no risk limits of it, so there is no maintenance margin.`] };
  const tiers = levels.map(({ rate, maxLeverage }, i): Tier => ({ floor: levels[i - 1]?.limit ?? '0', rate, maxLeverage }));
  return {
    maintenance: { kind: 'tiers', tiers, charge: 'whole' },
    maxNotional: contract === 'linear' ? last.limit : null,
    notes: [
      `The largest position that ${NAME} allows is worth ${grouped(last.limit)} ${settle}.`,
      `Maintenance margins are those of isolated margin, at the lowest risk limit that holds the position.`,
    ],
  };
}

/** For when the list of levels cannot be had. */
export function firstRiskLimit(contract: KucoinContract): RiskLimits {
  const firstLevel = firstLevelOf(contract);
  if (firstLevel === null) return riskLimitsOf([], contract);
  const limits = riskLimitsOf([firstLevel], contract);
  const note = `${NAME} did not tell its risk limits; positions up to the first one, ${grouped(firstLevel.limit)} ${contract.settle}, are worked out.`;
  return { ...limits, notes: [note, ...limits.notes.slice(1)] };
}
