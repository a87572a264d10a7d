import type { CalculatorFacts, SpreadFacts } from '#bridge/facts.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { CarryInput, CarryLeg } from '#domain/decisions/carry-input.ts';
import { exact } from '#domain/decisions/exact.ts';
import { leverageOf, maintenanceText } from './basis.ts';
import { type FieldGroup, type FieldSpec, type Live, type LiveMap, textsOf, timeOf, timeText, type Typed } from './fields.ts';
import { reversionFrom } from './funding.ts';
import { nextSettlement } from './next-settlement.ts';
import { feeOf, type Fees, tierOf } from './constants.ts';
import { fromPercent, toPercent } from './percent.ts';
import { FEE_RIGHT, fillOf, LEAST, RATE_OF_MARGIN, RATE_RIGHT } from './size.ts';

export type LegName = 'long' | 'short';

/** What one leg fills itself with. Spot stands on the index of its partner, with the spot fees of that venue. */
export interface LegBasis {
  readonly kind: 'perp' | 'spot';
  readonly instrument: string;
  readonly name: string;
  readonly venueId: string;
  readonly venue: string;
  readonly fees: Fees;
  /** Of spot: the partner's. */
  readonly facts: CalculatorFacts | null;
  readonly freshMs: number;
  readonly bookFreshMs: number;
}

export interface CarryBasis {
  readonly long: LegBasis;
  readonly short: LegBasis;
  readonly spread: SpreadFacts | null;
  readonly constants: CalculatorSettings;
  readonly now: number;
  readonly asset: string;
  readonly quote: string;
}

function legGroup(leg: LegName, title: string, kind: 'perp' | 'spot'): FieldGroup[] {
  const field = (name: string, spec: Omit<FieldSpec, 'key' | 'at'>): FieldSpec => ({
    key: `${leg}.${name}`,
    at: `${leg}.${name === 'from' ? 'book' : name}`,
    ...spec,
  });
  const perp = kind === 'perp';
  const from = field('from', {
    name: 'Fill by',
    kind: 'choice',
    unit: '',
    options: [
      { value: 'book', text: 'Book', title: 'Walk the live order book with the whole size' },
      { value: 'bps', text: 'Typed', title: 'The price, and slippage in basis points' },
    ],
  });
  const number = (name: string, label: string, unit: string): FieldSpec => field(name, { name: label, kind: 'number', unit });
  const percent = (name: string, label: string, unit: string, right: string): FieldSpec =>
    field(name, { name: label, kind: 'percent', unit, right });
  return [
    {
      name: title,
      fields: [
        number('price', perp ? 'Mark' : 'Index', '{quote}'),
        ...(perp ? [percent('rate', 'Rate', '% / interval', RATE_RIGHT), number('leverage', 'Leverage', 'x')] : []),
        field('feeTier', { name: 'Fee tier', kind: 'choice', unit: '', constant: 'feeTier' }),
        { ...percent('feeIn', 'Entry fee', '%', FEE_RIGHT), least: LEAST.fee, beside: fillOf(`${leg}.fillIn`, 'Entry fill') },
        { ...percent('feeOut', 'Exit fee', '%', FEE_RIGHT), least: LEAST.fee, beside: fillOf(`${leg}.fillOut`, 'Exit fill') },
        perp ? { ...number('slipBps', 'Slippage', 'bps'), beside: from } : number('slipBps', 'Slippage', 'bps'),
      ],
    },
    {
      name: `${title}: rules`,
      shut: true,
      fields: [
        number('lotStep', 'Lot step', perp ? 'contracts' : '{base}'),
        ...(perp
          ? [
              number('minQuantity', 'Least order', 'contracts'),
              number('minNotional', 'Least notional', '{quote}'),
              number('maxQuantity', 'Largest order', 'contracts'),
              number('maxNotional', 'Largest position', '{quote}'),
              number('contractSize', 'Contract size', 'units'),
              number('multiplier', 'Coins per unit', '{base}'),
              number('intervalH', 'Interval', 'h'),
              field('nextFundingAt', { name: 'Next at, UTC', kind: 'time', unit: '' }),
              number('venueMaxLeverage', 'Most leverage', 'x'),
              field('maintenance', { name: 'Maintenance', kind: 'rule', unit: '%', right: RATE_OF_MARGIN, least: LEAST.margin }),
              { ...percent('liquidationFee', 'Liquidation fee', '%', RATE_OF_MARGIN), least: LEAST.margin },
            ]
          : []),
      ],
    },
  ];
}

const SIZE: FieldGroup = {
  name: 'Size and hold',
  fields: [
    { key: 'notional', at: 'notional', says: 'notional', name: 'Per leg', kind: 'number', unit: '{quote}' },
    {
      key: 'quantity',
      at: 'quantity',
      name: 'or quantity',
      kind: 'number',
      unit: '{base}',
      hint: 'Coins per leg; where it is given the notional is not read.',
    },
    { key: 'holdH', at: 'holdH', name: 'Hold', kind: 'number', unit: 'h', constant: 'holdH' },
    { key: 'openAt', at: 'openAt', name: 'Opens, UTC', kind: 'time', unit: '' },
    {
      key: 'borrowApr',
      at: 'borrowApr',
      name: 'Borrowing',
      kind: 'percent',
      unit: '% a year',
      constant: 'borrowApr',
      right: 'Enter percent a year, from 0 to 200, such as 5.',
      least: LEAST.borrow,
      hint: 'A cost only: of the shorted coin, or of borrowed cash.',
    },
    {
      key: 'borrowShare',
      at: 'borrowShare',
      name: 'Borrowed',
      kind: 'percent',
      unit: '%',
      right: 'Enter percent of the notional, 0 to 100.',
      least: LEAST.share,
    },
  ],
};
const DECAY: FieldGroup = {
  name: 'Spread as measured',
  shut: true,
  fields: [
    {
      key: 'reversion.meanPerHour',
      at: 'reversion.meanPerHour',
      name: 'Mean spread',
      kind: 'percent',
      unit: '% / h',
      right: 'Enter percent per hour, such as 0.00125; at most 10.',
    },
    { key: 'reversion.halfLifeH', at: 'reversion.halfLifeH', name: 'Half-life', kind: 'number', unit: 'h' },
  ],
};

export const carryGroups = (long: LegBasis['kind'], short: LegBasis['kind'], names: Readonly<Record<LegName, string>>): FieldGroup[] => {
  const [longTop, longRules] = legGroup('long', `Long ${names.long}`, long);
  const [shortTop, shortRules] = legGroup('short', `Short ${names.short}`, short);
  return [SIZE, longTop, shortTop, longRules, shortRules, DECAY].filter((group) => group !== undefined);
};

/** Spot is bought in steps that no perpetual's venue tells; so fine that the perpetual's step decides. */
const SPOT_STEP = '0.00000001';

function legLive(
  leg: LegName,
  { kind, venueId, fees, venue, facts, freshMs, bookFreshMs }: LegBasis,
  constants: CalculatorSettings,
  typed: Typed,
  now: number,
): Record<string, Live | undefined> {
  const rules = facts?.rules ?? null;
  const at = facts?.observedAt ?? null;
  const tier = tierOf(venueId, fees, kind, constants);
  const live = (text: string | number | null | undefined, from: string, time: number | null): Live | undefined =>
    text === null || text === undefined || text === '' ? undefined : { text: String(text), from, at: time };
  const quoted = (text: string | number | null | undefined, from: string): Live | undefined => {
    const found = live(text, from, at);
    return found && { ...found, freshMs };
  };
  const plain = (value: number | null): string | null => (value === null ? null : exact(value).toFixed());
  const fee = (fill: string): Live | undefined =>
    tier === null ? undefined : live(toPercent(feeOf(tier, fill)), `${venue} ${kind === 'spot' ? 'spot ' : ''}${tier.name}, ${fill}`, null);
  const shared = {
    [`${leg}.feeTier`]: { text: tier?.name ?? '', from: 'saved', at: null, isConstant: true as const },
    [`${leg}.fillIn`]: { text: constants.fillIn, from: '', at: null },
    [`${leg}.fillOut`]: { text: constants.fillOut, from: '', at: null },
    [`${leg}.feeIn`]: fee(typed[`${leg}.fillIn`] ?? constants.fillIn),
    [`${leg}.feeOut`]: fee(typed[`${leg}.fillOut`] ?? constants.fillOut),
    [`${leg}.slipBps`]: { text: constants.slipBps, from: 'saved', at: null, isConstant: true as const },
  };
  if (kind === 'spot') {
    return {
      ...shared,
      [`${leg}.price`]: quoted(plain(facts?.index ?? null), `index of ${venue}, standing for spot`),
      [`${leg}.lotStep`]: { text: SPOT_STEP, from: 'assumed: finer than any step of the perpetual', at: null },
      [`${leg}.multiplier`]: live(facts?.instrument.multiplier, venue, null),
    };
  }
  const byRule = (text: string | null | undefined): Live | undefined => live(text, `rules of ${venue}`, rules?.at ?? null);
  const opening = {
    openAt: typed['openAt'] ?? timeText(now),
    intervalH: typed[`${leg}.intervalH`] ?? String(facts?.intervalH ?? ''),
    isTyped: typed['openAt'] !== undefined,
  };
  const next = facts?.nextFundingAt ? nextSettlement(facts.nextFundingAt, opening, venue) : undefined;
  return {
    ...shared,
    [`${leg}.from`]: {
      text: facts?.book ? 'book' : 'bps',
      from: `order book of ${venue}`,
      at: facts?.book?.at ?? null,
      freshMs: bookFreshMs,
    },
    [`${leg}.price`]: quoted(plain(facts?.mark ?? null), `mark of ${venue}`),
    [`${leg}.rate`]: quoted(facts?.rate === null || facts === null ? null : toPercent(facts.rate), `running rate of ${venue}`),
    [`${leg}.intervalH`]: quoted(facts?.intervalH, `interval of ${venue}`),
    [`${leg}.nextFundingAt`]: next && quoted(next.text, next.from),
    [`${leg}.leverage`]: leverageOf(constants.leverage, rules, venue),
    [`${leg}.lotStep`]: byRule(rules?.lotStep),
    [`${leg}.minQuantity`]: byRule(rules?.minQuantity),
    [`${leg}.minNotional`]: byRule(rules?.minNotional),
    [`${leg}.maxQuantity`]: byRule(rules?.maxQuantity),
    [`${leg}.maxNotional`]: byRule(rules?.maxNotional),
    [`${leg}.contractSize`]: byRule(rules?.contractSize ?? plain(facts?.instrument.contractSize ?? null)),
    [`${leg}.multiplier`]: live(facts?.instrument.multiplier, venue, null),
    [`${leg}.venueMaxLeverage`]: byRule(rules?.maxLeverage),
    [`${leg}.maintenance`]: byRule(maintenanceText(rules?.maintenance ?? null)),
    [`${leg}.liquidationFee`]: byRule(rules?.liquidationFee ? toPercent(rules.liquidationFee) : null),
  };
}

export function carryLive({ long, short, spread, constants, now }: CarryBasis, typed: Typed): LiveMap {
  const mine = (text: string): Live => ({ text, from: 'saved', at: null, isConstant: true });
  const six = (value: number): string => toPercent(exact(value).toSignificantDigits(6).toFixed());
  const measured = (text: string | null): Live | undefined =>
    text === null ? undefined : { text, from: 'the pair\u2019s stored hours', at: spread?.to ?? null };
  const reversion = spread?.reversion ?? null;
  // Cash-and-carry out of one's own money borrows nothing; a shorted coin is borrowed whole.
  const borrows = short.kind === 'spot';
  return {
    ...legLive('long', long, constants, typed, now),
    ...legLive('short', short, constants, typed, now),
    notional: { text: constants.equity, from: 'your equity', at: null },
    holdH: mine(constants.holdH),
    openAt: { text: timeText(now), from: 'live', at: null },
    borrowApr: mine(constants.borrowApr),
    borrowShare: { text: borrows ? '100' : '0', from: borrows ? 'the shorted coin is borrowed' : 'nothing is borrowed', at: null },
    'reversion.meanPerHour': measured(reversion === null ? null : six(reversion.meanPerHour)),
    'reversion.halfLifeH': measured(reversion === null ? null : exact(reversion.halfLifeH).toSignificantDigits(4).toFixed()),
  };
}

function legInput(leg: LegName, { kind, name, facts }: LegBasis, typed: Typed, text: (key: string) => string): CarryLeg {
  const of = (field: string): string => text(`${leg}.${field}`);
  const percent = (field: string): string => fromPercent(of(field));
  const walked = kind === 'perp' && of('from') === 'book';
  const common = {
    kind,
    name: name.slice(0, 40),
    // What stands in a field and is not read with a book stays out of the input.
    price: walked ? null : of('price'),
    slipBps: walked ? null : of('slipBps'),
    feeIn: percent('feeIn'),
    feeOut: percent('feeOut'),
    lotStep: of('lotStep'),
    multiplier: of('multiplier'),
  };
  if (kind === 'spot') return common;
  const flat = typed[`${leg}.maintenance`];
  const book = facts?.book ?? null;
  return {
    ...common,
    ...(facts?.instrument.contract === 'inverse' && { contract: 'inverse' as const }),
    ...(facts?.continuous === true && { continuous: true }),
    book: walked ? { bids: book?.bids ?? [], asks: book?.asks ?? [] } : null,
    contractSize: of('contractSize'),
    minQuantity: of('minQuantity'),
    minNotional: of('minNotional'),
    maxQuantity: of('maxQuantity'),
    maxNotional: of('maxNotional'),
    rate: percent('rate'),
    intervalH: of('intervalH'),
    nextFundingAt: timeOf(of('nextFundingAt')),
    leverage: of('leverage'),
    venueMaxLeverage: of('venueMaxLeverage'),
    maintenance: flat === undefined ? (facts?.rules?.maintenance ?? null) : { kind: 'flat', rate: fromPercent(flat) },
    liquidationFee: percent('liquidationFee'),
  };
}

/** What the venues say of trading the legs, each by its name: both may be of one venue. */
export const carryRulesNotes = ({ long, short }: CarryBasis): string[] =>
  [long, short].flatMap(({ kind, name, facts }) => (kind === 'perp' ? (facts?.rules?.notes ?? []).map((note) => `${name}: ${note}`) : []));

export function carryInput(basis: CarryBasis, typed: Typed, live: LiveMap): CarryInput {
  const text = textsOf(typed, live);
  const quantity = text('quantity');
  return {
    long: legInput('long', basis.long, typed, text),
    short: legInput('short', basis.short, typed, text),
    quantity,
    notional: quantity.trim() === '' ? text('notional') : null,
    openAt: timeOf(text('openAt')),
    holdH: text('holdH'),
    borrowApr: fromPercent(text('borrowApr')),
    borrowShare: fromPercent(text('borrowShare')),
    reversion: reversionFrom(text),
    history: basis.spread?.history ?? null,
    base: basis.asset,
    quote: basis.quote,
  };
}
