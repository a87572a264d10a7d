import { exact } from '#domain/decisions/exact.ts';
import { estimateLiquidation, type LiquidationInput } from '#domain/decisions/liquidation.ts';
import { liquidationOverHold, type LiquidationCurve } from '#domain/decisions/over-hold.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { isNumberText } from '#domain/number-text.ts';
import { type Basis, isSide, maintenanceFrom, namesOf } from './basis.ts';
import { type FieldGroup, type LiveMap, textsOf, timeOf, type Typed } from './fields.ts';
import { fromPercent } from './percent.ts';
import {
  CONTRACT_SIZE,
  CONTRACTS,
  ENTRY,
  EQUITY,
  EQUITY_IN,
  equityIn,
  holdFields,
  LEVERAGE,
  MAINTENANCE,
  MARGIN,
  MARK,
  MAX_LEVERAGE,
  MAX_NOTIONAL,
  OTHER,
  SIDE,
  sizeInput,
  STOP,
  fundingTerms,
} from './size.ts';

export const LIQUIDATION_GROUPS: readonly FieldGroup[] = [
  {
    name: 'Position',
    fields: [SIDE, ENTRY, CONTRACTS, STOP, MARK],
  },
  {
    name: 'Margin',
    fields: [
      MARGIN,
      LEVERAGE,
      { key: 'addedMargin', at: 'addedMargin', name: 'Added margin', kind: 'number', unit: '{money}' },
      { ...EQUITY, hint: 'What the account is worth at the mark, open profit inside.' },
      EQUITY_IN,
      OTHER,
      {
        key: 'fundingPaid',
        at: 'fundingPaid',
        name: 'Funding paid',
        kind: 'number',
        unit: '{money}',
        hint: 'So far; received with a minus sign.',
      },
    ],
  },
  // Not part of the estimate: what a hold from here does to it.
  { name: 'Funding over the hold', fields: holdFields('funding.', '') },
  { name: 'Rules of the venue', shut: true, fields: [CONTRACT_SIZE, MAX_NOTIONAL, MAX_LEVERAGE, ...MAINTENANCE] },
];

/** What Size comes to for the same instrument stands in the other calculators until the person types. */
export function withSize(basis: Basis, typed: Typed, live: LiveMap): LiveMap {
  const { figures, problems } = sizePosition(sizeInput(basis, { ...typed, sizeBy: 'risk' }, live));
  const short = (value: string | null): string | null => (value === null ? null : exact(value).toSignificantDigits(10).toFixed());
  const taken = (value: string | null) => (value === null || problems.length > 0 ? undefined : { text: value, from: 'Size', at: null });
  return { ...live, contracts: taken(figures.contracts.value), notional: taken(short(figures.notional.value)) };
}

export function liquidationInput(basis: Basis, typed: Typed, live: LiveMap): LiquidationInput {
  const text = textsOf(typed, live);
  const side = text('side');
  const cross = text('margin') === 'cross';
  const { base, quote } = namesOf(basis.row);
  const { contract } = basis.row.instrument;
  return {
    contract,
    side: isSide(side) ? side : 'long',
    margin: cross ? 'cross' : 'isolated',
    entry: text('entry'),
    contracts: text('contracts'),
    contractSize: text('contractSize'),
    leverage: text('leverage'),
    venueMaxLeverage: text('venueMaxLeverage'),
    addedMargin: cross ? null : text('addedMargin'),
    equity: cross ? text('equity') : null,
    ...(cross ? equityIn(basis, text) : {}),
    otherMaintenance: cross ? text('otherMaintenance') : null,
    // Without a rule there is no estimate: the field says what to enter.
    maintenance: maintenanceFrom(typed, basis.facts?.rules?.maintenance ?? null, fromPercent) ?? { kind: 'flat', rate: '' },
    maxNotional: text('maxNotional'),
    liquidationFee: fromPercent(text('liquidationFee')),
    fundingPaid: text('fundingPaid'),
    mark: text('mark'),
    stop: text('stop'),
    money: contract === 'linear' ? quote : base,
    quote,
  };
}

/** Quote money of the contracts of an inverse position; null while a field holds no number. */
export function moneyOfContracts({ contracts, contractSize }: Pick<LiquidationInput, 'contracts' | 'contractSize'>): string | null {
  const [held, size] = [String(contracts ?? '').trim(), String(contractSize ?? '').trim()];
  return isNumberText(held) && isNumberText(size) ? exact(held).times(size).toFixed() : null;
}

/** The estimate after the funding of the hold; what the hold lacks stands as problems, apart from those of the estimate. */
export function pullOf(
  input: LiquidationInput,
  text: (key: string) => string,
  continuous: boolean,
): LiquidationCurve | { readonly problems: readonly never[] } {
  if (estimateLiquidation(input).problems.length > 0) return { problems: [] };
  const curve = liquidationOverHold(input, fundingTerms(text, continuous), { openAt: timeOf(text('openAt')), holdH: text('holdH') });
  return 'problems' in curve ? { problems: [] } : curve;
}
