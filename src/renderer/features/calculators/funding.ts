import type { FundingInput } from '#domain/decisions/funding.ts';
import { type Basis, isSide, namesOf } from './basis.ts';
import { type FieldGroup, type LiveMap, textsOf, timeOf, type Typed } from './fields.ts';
import { fromPercent } from './percent.ts';
import { fundingTerms, holdFields, LEVERAGE, SIDE } from './size.ts';

export const FUNDING_GROUPS: readonly FieldGroup[] = [
  {
    name: 'Position',
    fields: [SIDE, { key: 'notional', at: 'notional', name: 'Notional', kind: 'number', unit: '{money}' }, LEVERAGE],
  },
  { name: 'Funding over the hold', fields: holdFields('', '') },
  {
    name: 'As measured',
    fields: [
      {
        key: 'reversion.meanPerHour',
        at: 'reversion.meanPerHour',
        name: 'Mean rate',
        kind: 'percent',
        unit: '% / h',
        right: 'Enter percent per hour, such as 0.00125; at most 10.',
        hint: 'What funding returns to.',
      },
      {
        key: 'reversion.halfLifeH',
        at: 'reversion.halfLifeH',
        name: 'Half-life',
        kind: 'number',
        unit: 'h',
        hint: 'How long half of the distance to the mean lasts; empty: only the flat figure.',
      },
    ],
  },
];

/** Null where no half-life is known: then there is only the flat figure. */
export const reversionFrom = (text: (key: string) => string) =>
  text('reversion.halfLifeH').trim() === ''
    ? null
    : { meanPerHour: fromPercent(text('reversion.meanPerHour')), halfLifeH: text('reversion.halfLifeH') };

export function fundingInput(basis: Basis, typed: Typed, live: LiveMap): FundingInput {
  const text = textsOf(typed, live);
  const side = text('side');
  const { base, quote } = namesOf(basis.row);
  return {
    side: isSide(side) ? side : 'long',
    notional: text('notional'),
    ...fundingTerms(text, basis.row.continuous),
    openAt: timeOf(text('openAt')),
    holdH: text('holdH'),
    leverage: text('leverage'),
    reversion: reversionFrom(text),
    money: basis.row.instrument.contract === 'linear' ? quote : base,
  };
}
