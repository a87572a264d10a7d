import type { CarryResult } from '#domain/decisions/carry.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import type { Basis } from './basis.ts';
import type { CarryBasis, LegName } from './carry.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { isNumberText } from '#domain/number-text.ts';
import type { FieldSpec, Typed } from './fields.ts';
import type { Caution, FigureGroup } from './figures.ts';
import { toPercent } from './percent.ts';
import type { CalculatorForm } from './form.ts';

/** Quote money. Brackets of small coins rise from about here, so a flat rate of small positions flatters above it. */
const LARGE = 50_000;

/** What stands beside a liquidation price that rests on an assumed flat rate; null where it is typed or the venue's own table. */
function assumed(rule: MaintenanceRule | null, typed: string | undefined, value: string | null, quote: string): Caution | null {
  if (typed !== undefined || rule?.kind !== 'flat') return null;
  const assumes = `Assumes ${toPercent(rule.rate)} % maintenance`;
  return value !== null && exact(value).gt(LARGE)
    ? { text: `${assumes}. Above 50,000 ${quote} real brackets ask for more: likely nearer. Enter your bracket\u2019s rate.`, strong: true }
    : { text: `${assumes}: the venue shows its brackets only with a key.`, strong: false };
}

/** `value`: of the position, in quote money. */
export const singleCaution = ({ facts }: Basis, typed: Typed, value: string | null, quote: string): Caution | null =>
  assumed(facts?.rules?.maintenance ?? null, typed['maintenance'], value, quote);

export function carryCautions(basis: CarryBasis, typed: Typed, { figures }: CarryResult): Readonly<Record<string, Caution | null>> {
  const of = (leg: LegName): Caution | null => {
    const { kind, facts } = basis[leg];
    const rule = kind === 'spot' ? null : (facts?.rules?.maintenance ?? null);
    return assumed(rule, typed[`${leg}.maintenance`], figures.notional.value, basis.quote);
  };
  return { longLiquidation: of('long'), shortLiquidation: of('short') };
}

/** Percent that was typed as a decimal is far below what any market has: it is asked about, with what it would be. */
export function askedDecimals(
  fields: readonly FieldSpec[],
  { text, isTyped, live }: Pick<CalculatorForm, 'text' | 'isTyped' | 'live'>,
): Problem[] {
  return fields.flatMap(({ key, at, least }) => {
    const typed = text(key).trim().replace(/ ?%$/u, '');
    if (least === undefined || !(isTyped(key) || live(key)?.isConstant === true) || !isNumberText(typed)) return [];
    const size = exact(typed).abs();
    if (size.isZero() || !size.lt(least)) return [];
    const wrong = `${typed} % is ${exact(typed).div(100).toFixed()} as a decimal: unusually little.`;
    return [{ field: at, wrong, right: `If ${typed} is the decimal, enter ${toPercent(typed)}.` }];
  });
}

/** Each caution at the figure of its id, where there is one to be cautious of. */
export const cautioned = (groups: readonly FigureGroup[], cautions: Readonly<Record<string, Caution | null>>): FigureGroup[] =>
  groups.map((group) => ({
    ...group,
    rows: group.rows.map((row) => ({ ...row, caution: row.figure.value === null ? null : (cautions[row.id] ?? null) })),
  }));
