import type { SearchHit } from '#bridge/contract.ts';
import { perHour, type RateUnit } from '#domain/units.ts';
import { formatRate, perUnit, thetaScale, unitHeader } from '../../format/numbers.ts';

/** The running rate of a found instrument in the unit of the screen: rates of 4 and of 8 hours side by side compare. */
export function hitRate(
  { rate, intervalH }: Pick<SearchHit, 'rate' | 'intervalH'>,
  shown: RateUnit,
): { figure: string; unit: string; says: string } {
  const { unit } = thetaScale(shown, intervalH);
  const figure = formatRate(rate === null || intervalH === null ? null : perHour(rate, intervalH), intervalH, unit);
  const says = `Running rate, % ${perUnit(unit, intervalH)}`;
  return { figure, unit: unit === 'interval' ? `% ${perUnit(unit, intervalH)}` : unitHeader(unit), says };
}
