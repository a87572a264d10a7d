import type { Scenario } from '#bridge/scenario.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import { carry } from '#domain/decisions/carry.ts';
import { exact } from '#domain/decisions/exact.ts';
import { isGiven } from '#domain/decisions/ignored.ts';
import { fundingOverHold } from '#domain/decisions/funding.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { directionOf } from '#domain/decisions/side.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { RateUnit } from '#domain/units.ts';
import { carryGroups } from './carry.ts';
import { type FieldSpec, flat, legName, readable, textIn, type Typed, unitOf, type UnitNames } from './fields.ts';
import { carryGroupsOf, type FigureGroup, fundingGroups, liquidationGroups, moneyDecimals, shownFigure, sizeGroups } from './figures.ts';
import { FUNDING_GROUPS } from './funding.ts';
import { LIQUIDATION_GROUPS } from './liquidation.ts';
import { SPOT } from './partners.ts';
import { SIZE_GROUPS } from './size.ts';

export const KIND_NAMES: Readonly<Record<Scenario['kind'], string>> = {
  size: 'Size',
  liquidation: 'Liquidation',
  funding: 'Funding',
  carry: 'Carry',
};

function fieldsOf(scenario: Scenario): FieldSpec[] {
  switch (scenario.kind) {
    case 'size':
      return flat(SIZE_GROUPS);
    case 'liquidation':
      return flat(LIQUIDATION_GROUPS);
    case 'funding':
      return flat(FUNDING_GROUPS);
    case 'carry':
      return flat(carryGroups(scenario.input.long.kind, scenario.input.short.kind, { long: 'leg', short: 'leg' }));
  }
}

function namesOf({ kind, input }: Scenario): UnitNames {
  if (kind === 'liquidation') {
    const [quote, money] = [input.quote ?? '', input.money ?? ''];
    return { base: '', quote, money, equity: input.equityIn === 'quote' ? quote : money };
  }
  if (kind === 'funding') return { base: '', quote: input.money ?? '', money: input.money ?? '', equity: input.money ?? '' };
  const { base = '', quote = '' } = input;
  const money = kind === 'size' && input.contract === 'inverse' ? base : quote;
  return { base, quote, money, equity: kind === 'size' && input.equityIn === 'quote' ? quote : money };
}

/** The figures of a scenario as it was saved, whatever the market did since. */
export function figuresOf(scenario: Scenario, unit: RateUnit): FigureGroup[] {
  switch (scenario.kind) {
    case 'size': {
      const result = sizePosition(scenario.input);
      const paid = result.figures.funding.value;
      return sizeGroups(result, paid === null ? null : directionOf(exact(paid)), false);
    }
    case 'liquidation':
      return liquidationGroups(estimateLiquidation(scenario.input));
    case 'funding':
      return fundingGroups(fundingOverHold(scenario.input));
    case 'carry':
      return carryGroupsOf(carry(scenario.input), unit);
  }
}

/** What loading a scenario types: what the person had typed and is no constant of theirs by now; the rest is live again. */
export function typedOf(scenario: Scenario, constants: CalculatorSettings): Typed {
  const wanted = new Set(scenario.typed);
  const texts: Record<string, string> = {};
  for (const field of fieldsOf(scenario)) {
    const text = textIn(scenario.input, field);
    // A table of tiers is the venue's and comes live; only a flat rate was typed.
    if (!wanted.has(field.key) || text === null || (field.kind === 'rule' && !/^[\d.]+$/u.test(text))) continue;
    const constant = field.constant === undefined || field.constant === 'feeTier' ? null : constants[field.constant];
    if (text !== constant) texts[field.key] = text;
  }
  if (scenario.kind === 'size' && isGiven(scenario.input.contracts)) texts['sizeBy'] = 'quantity';
  return scenario.kind === 'carry' ? { ...texts, ...legTexts(scenario) } : texts;
}

function legTexts({ input, instruments }: Extract<Scenario, { kind: 'carry' }>): Typed {
  const [, second = SPOT] = instruments;
  return { other: second, side: input.long.kind === 'spot' ? 'short' : 'long' };
}

export interface ComparedRow {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

export interface ComparedGroup {
  readonly name: string;
  readonly rows: readonly ComparedRow[];
}

const comparedRow = (name: string, left: string, right: string): ComparedRow => ({ name, left, right, differs: left !== right });

/** Two scenarios of one kind side by side, as they were saved: inputs that either of them has, then every figure. */
export function compare(left: Scenario, right: Scenario, unit: RateUnit): ComparedGroup[] {
  const fields = [...new Map([...fieldsOf(left), ...fieldsOf(right)].map((field) => [field.key, field])).values()];
  const inputs = fields.flatMap((field) => {
    const [a, b] = [left, right].map((scenario) => {
      const text = textIn(scenario.input, field);
      return text === null ? null : readable(field, text, unitOf(field, namesOf(scenario)));
    });
    return a === null && b === null ? [] : [comparedRow(legName(field), a ?? '\u2013', b ?? '\u2013')];
  });
  const [ours, theirs] = [figuresOf(left, unit), figuresOf(right, unit)];
  const groups = ours.map(({ name, rows }): ComparedGroup => {
    const others = theirs.flatMap((group) => group.rows);
    const decimals = moneyDecimals(rows);
    return {
      name,
      rows: rows.map((each) => {
        const other = others.find(({ id }) => id === each.id);
        const text = (of: typeof each | undefined): string => {
          if (of === undefined) return '\u2013';
          const shown = shownFigure(of, decimals);
          return `${of.direction ? `${of.direction} ` : ''}${shown.text} ${shown.unit}`.trim();
        };
        return comparedRow(each.name, text(each), text(other));
      }),
    };
  });
  return [{ name: 'Inputs', rows: inputs }, ...groups];
}
