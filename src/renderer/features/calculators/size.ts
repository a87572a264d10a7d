import type { SizeInput } from '#domain/decisions/size-input.ts';
import type { Contract } from '#domain/decisions/side.ts';
import { type Basis, isSide, maintenanceFrom, namesOf } from './basis.ts';
import { type FieldGroup, type FieldSpec, type LiveMap, listOf, textsOf, timeOf, type Typed } from './fields.ts';
import { fromPercent } from './percent.ts';

/** No market is so small, in percent: a decimal was typed. */
export const LEAST = { fee: '0.001', risk: '0.05', margin: '0.05', daily: '0.1', borrow: '0.25', share: '1.01' } as const;

export const SIDE: FieldSpec = {
  key: 'side',
  at: 'side',
  name: 'Side',
  kind: 'choice',
  unit: '',
  options: [
    { value: 'long', text: 'Long' },
    { value: 'short', text: 'Short' },
  ],
};
export const ENTRY: FieldSpec = { key: 'entry', at: 'entry', name: 'Entry', kind: 'number', unit: '{quote}' };
export const STOP: FieldSpec = { key: 'stop', at: 'stop', name: 'Stop', kind: 'number', unit: '{quote}' };
export const EQUITY: FieldSpec = { key: 'equity', at: 'equity', name: 'Equity', kind: 'number', unit: '{equity}', constant: 'equity' };
/** Of an instrument that settles in its coin. */
export const EQUITY_IN: FieldSpec = {
  key: 'equityIn',
  at: 'equityIn',
  name: 'Equity in',
  kind: 'choice',
  unit: '',
  options: [
    { value: 'quote', text: '{quote}', title: 'Worth at the entry (Liquidation: at the mark)' },
    { value: 'settle', text: '{money}', title: 'What the contract settles in' },
  ],
};
export const LEVERAGE: FieldSpec = { key: 'leverage', at: 'leverage', name: 'Leverage', kind: 'number', unit: 'x', constant: 'leverage' };
export const MARGIN: FieldSpec = {
  key: 'margin',
  at: 'margin',
  name: 'Margin',
  kind: 'choice',
  unit: '',
  constant: 'margin',
  options: [
    { value: 'isolated', text: 'Isolated' },
    { value: 'cross', text: 'Cross' },
  ],
};
export const fillOf = (key: string, name: string): FieldSpec => ({
  key,
  at: key,
  name,
  kind: 'choice',
  unit: '',
  options: [
    { value: 'taker', text: 'Taker' },
    { value: 'maker', text: 'Maker' },
  ],
});
export const FEE_RIGHT = 'Enter a fee in percent, from -1 to 1, such as 0.05.';
export const FEES: readonly FieldSpec[] = [
  {
    key: 'feeIn',
    at: 'feeIn',
    name: 'Entry fee',
    kind: 'percent',
    unit: '%',
    right: FEE_RIGHT,
    least: LEAST.fee,
    beside: { ...fillOf('fillIn', 'Entry fill'), constant: 'fillIn' },
  },
  {
    key: 'feeOut',
    at: 'feeOut',
    name: 'Exit fee',
    kind: 'percent',
    unit: '%',
    right: FEE_RIGHT,
    least: LEAST.fee,
    beside: { ...fillOf('fillOut', 'Exit fill'), constant: 'fillOut' },
  },
];
export const FEE_TIER: FieldSpec = { key: 'feeTier', at: 'feeTier', name: 'Fee tier', kind: 'choice', unit: '', constant: 'feeTier' };
export const SLIPPAGE: FieldSpec = { key: 'slipBps', at: 'slipBps', name: 'Slippage', kind: 'number', unit: 'bps', constant: 'slipBps' };
export const RATE_RIGHT = 'Enter the rate per interval in percent, such as 0.01; at most 10 an hour.';
/** `at` and `says` differ between calculators; the names in the form do not. */
export const holdFields = (terms: string, hold: string): FieldSpec[] => [
  { key: 'holdH', at: `${hold}holdH`, name: 'Hold', kind: 'number', unit: 'h', constant: 'holdH' },
  { key: 'funding.rate', at: `${terms}rate`, name: 'Rate', kind: 'percent', unit: '% / interval', right: RATE_RIGHT },
  { key: 'funding.intervalH', at: `${terms}intervalH`, name: 'Interval', kind: 'number', unit: 'h' },
  { key: 'funding.nextFundingAt', at: `${terms}nextFundingAt`, name: 'Next at, UTC', kind: 'time', unit: '' },
  { key: 'openAt', at: `${hold}openAt`, name: 'Opens, UTC', kind: 'time', unit: '' },
];
export const MAX_LEVERAGE: FieldSpec = {
  key: 'venueMaxLeverage',
  at: 'venueMaxLeverage',
  name: 'Most leverage',
  kind: 'number',
  unit: 'x',
};
export const MAX_NOTIONAL: FieldSpec = { key: 'maxNotional', at: 'maxNotional', name: 'Largest position', kind: 'number', unit: '{quote}' };
export const RATE_OF_MARGIN = 'Enter a rate in percent, 0 to 20, such as 0.5.';
export const MAINTENANCE: readonly FieldSpec[] = [
  { key: 'maintenance', at: 'maintenance', name: 'Maintenance', kind: 'rule', unit: '%', right: RATE_OF_MARGIN, least: LEAST.margin },
  {
    key: 'liquidationFee',
    at: 'liquidationFee',
    name: 'Liquidation fee',
    kind: 'percent',
    unit: '%',
    right: RATE_OF_MARGIN,
    least: LEAST.margin,
  },
];
export const OTHER: FieldSpec = {
  key: 'otherMaintenance',
  at: 'otherMaintenance',
  name: 'Other margin',
  kind: 'number',
  unit: '{money}',
  hint: 'Maintenance margin that your other positions need.',
};
export const CONTRACT_SIZE: FieldSpec = {
  key: 'contractSize',
  at: 'contractSize',
  name: 'Contract size',
  kind: 'number',
  unit: '{base}',
};
export const SIZE_BY: FieldSpec = {
  key: 'sizeBy',
  at: 'sizeBy',
  name: 'Size by',
  kind: 'choice',
  unit: '',
  options: [
    { value: 'risk', text: 'Risk' },
    { value: 'quantity', text: 'Quantity', title: 'Set the contracts, and see what they risk' },
  ],
};
export const RISK: FieldSpec = {
  key: 'risk',
  at: 'risk',
  name: 'Risk',
  kind: 'percent',
  unit: '%',
  constant: 'risk',
  right: 'Enter percent above 0 and at most 25, such as 1.',
  least: LEAST.risk,
};
export const CONTRACTS: FieldSpec = { key: 'contracts', at: 'contracts', name: 'Contracts', kind: 'number', unit: 'contracts' };
export const MARK: FieldSpec = { key: 'mark', at: 'mark', name: 'Mark', kind: 'number', unit: '{quote}' };
export const LOT_RULES: readonly FieldSpec[] = [
  { key: 'lotStep', at: 'lotStep', name: 'Lot step', kind: 'number', unit: 'contracts' },
  { key: 'minQuantity', at: 'minQuantity', name: 'Least order', kind: 'number', unit: 'contracts' },
];
const PER_DAY = 'Enter percent a day, above 0 and at most 200, such as 3.';

export const SIZE_GROUPS: readonly FieldGroup[] = [
  {
    name: 'Trade',
    fields: [
      SIDE,
      ENTRY,
      STOP,
      { key: 'targets', at: 'targets', name: 'Take profits', kind: 'list', unit: '{quote}', hint: 'Prices with spaces between them.' },
    ],
  },
  {
    name: 'Risk',
    fields: [
      EQUITY,
      EQUITY_IN,
      SIZE_BY,
      CONTRACTS,
      RISK,
      LEVERAGE,
      {
        key: 'leverageCap',
        at: 'leverageCap',
        name: 'Own cap',
        kind: 'number',
        unit: 'x',
        constant: 'leverageCap',
        hint: 'Empty: no cap of your own.',
      },
      MARGIN,
      OTHER,
    ],
  },
  {
    name: 'Costs',
    fields: [
      FEE_TIER,
      ...FEES,
      {
        ...SLIPPAGE,
        beside: {
          key: 'slipFrom',
          at: 'book',
          name: 'Slippage from',
          kind: 'choice',
          unit: '',
          options: [
            { value: 'bps', text: 'Typed' },
            { value: 'book', text: 'Book', title: 'Walk the live order book with the whole size' },
          ],
        },
      },
    ],
  },
  { name: 'Funding over the hold', fields: holdFields('funding.', 'hold.') },
  {
    name: 'Scale the risk',
    fields: [
      { key: 'byVolatility', at: 'scale.volatility', name: 'By volatility', kind: 'switch', unit: '', hint: 'min(1, target/volatility)' },
      {
        key: 'scale.volatility.target',
        at: 'scale.volatility.target',
        name: 'Target',
        kind: 'percent',
        unit: '% a day',
        constant: 'volatilityTarget',
        right: PER_DAY,
        least: LEAST.daily,
      },
      {
        key: 'scale.volatility.measured',
        at: 'scale.volatility.measured',
        name: 'Measured',
        kind: 'percent',
        unit: '% a day',
        right: PER_DAY,
        least: LEAST.daily,
      },
      { key: 'bySignal', at: 'scale.signal', name: 'By divergence', kind: 'switch', unit: '', hint: 'min(1, |D|/\u03b8)' },
      {
        key: 'scale.signal.d',
        at: 'scale.signal.d',
        name: '|D|',
        kind: 'percent',
        unit: '% / h',
        right: 'Enter percent per hour, at most 10.',
      },
      {
        key: 'scale.signal.theta',
        at: 'scale.signal.theta',
        name: 'Threshold \u03b8',
        kind: 'percent',
        unit: '% / h',
        right: 'Enter percent per hour, above 0 and at most 10.',
      },
    ],
  },
  {
    name: 'Rules of the venue',
    shut: true,
    fields: [
      ...LOT_RULES,
      { key: 'minNotional', at: 'minNotional', name: 'Least notional', kind: 'number', unit: '{quote}' },
      { key: 'maxQuantity', at: 'maxQuantity', name: 'Largest order', kind: 'number', unit: 'contracts' },
      MAX_NOTIONAL,
      CONTRACT_SIZE,
      MAX_LEVERAGE,
      ...MAINTENANCE,
      { key: 'openInterest', at: 'openInterest', name: 'Open interest', kind: 'number', unit: '{base}' },
      { key: 'topOfBook', at: 'topOfBook', name: 'Best level', kind: 'number', unit: '{base}' },
    ],
  },
];

/** Fields that a switch or a choice has turned off. */
export function isHidden(key: string, text: (key: string) => string, contract: Contract): boolean {
  if (key === 'equityIn') return contract === 'linear';
  const set = text('sizeBy') === 'quantity';
  if (set && (key === 'risk' || key === 'byVolatility' || key === 'bySignal')) return true;
  if (key.startsWith('scale.volatility.')) return set || text('byVolatility') !== 'on';
  if (key.startsWith('scale.signal.')) return set || text('bySignal') !== 'on';
  if (key === 'otherMaintenance') return text('margin') !== 'cross';
  return key === 'addedMargin' && text('margin') === 'cross';
}

/** Linear contracts settle in quote money: there is nothing to choose. */
export const equityIn = ({ row }: Basis, text: (key: string) => string): { equityIn?: 'settle' | 'quote' } =>
  row.instrument.contract === 'linear' ? {} : { equityIn: text('equityIn') === 'settle' ? 'settle' : 'quote' };

export const fundingTerms = (text: (key: string) => string, continuous: boolean) => ({
  rate: fromPercent(text('funding.rate')),
  intervalH: text('funding.intervalH'),
  ...(continuous && { continuous }),
  nextFundingAt: timeOf(text('funding.nextFundingAt')),
});

export function sizeInput(basis: Basis, typed: Typed, live: LiveMap): SizeInput {
  const text = textsOf(typed, live);
  const percent = (key: string): string => fromPercent(text(key));
  const side = text('side');
  const walked = text('slipFrom') === 'book';
  return {
    contract: basis.row.instrument.contract,
    side: isSide(side) ? side : 'long',
    margin: text('margin') === 'cross' ? 'cross' : 'isolated',
    equity: text('equity'),
    ...equityIn(basis, text),
    ...(text('sizeBy') === 'quantity' ? { contracts: text('contracts') } : { risk: percent('risk') }),
    entry: text('entry'),
    stop: text('stop'),
    targets: listOf(text('targets')),
    leverage: text('leverage'),
    leverageCap: text('leverageCap'),
    venueMaxLeverage: text('venueMaxLeverage'),
    feeIn: percent('feeIn'),
    feeOut: percent('feeOut'),
    slipBps: walked ? null : text('slipBps'),
    // Nothing to walk is an empty book, which the calculator refuses in words.
    book: walked ? { bids: basis.facts?.book?.bids ?? [], asks: basis.facts?.book?.asks ?? [] } : null,
    funding: fundingTerms(text, basis.row.continuous),
    hold: { openAt: timeOf(text('openAt')), holdH: text('holdH') },
    lotStep: text('lotStep'),
    minQuantity: text('minQuantity'),
    minNotional: text('minNotional'),
    maxQuantity: text('maxQuantity'),
    maxNotional: text('maxNotional'),
    mark: text('mark'),
    contractSize: text('contractSize'),
    maintenance: maintenanceFrom(typed, basis.facts?.rules?.maintenance ?? null, fromPercent),
    liquidationFee: percent('liquidationFee'),
    otherMaintenance: text('margin') === 'cross' ? text('otherMaintenance') : null,
    openInterest: text('openInterest'),
    topOfBook: text('topOfBook'),
    scale: {
      volatility:
        text('byVolatility') === 'on' && text('sizeBy') !== 'quantity'
          ? { target: percent('scale.volatility.target'), measured: percent('scale.volatility.measured') }
          : null,
      signal:
        text('bySignal') === 'on' && text('sizeBy') !== 'quantity'
          ? { d: percent('scale.signal.d'), theta: percent('scale.signal.theta') }
          : null,
    },
    ...namesOf(basis.row),
  };
}
