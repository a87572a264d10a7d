import { exact, type Exact } from '#domain/decisions/exact.ts';
import type { ScaleInput } from '#domain/decisions/scale-input.ts';
import { scalePosition, type ScaleResult } from '#domain/decisions/scale.ts';
import { isNumberText } from '#domain/number-text.ts';
import { formatFixed, formatPrice, NONE } from '../../format/numbers.ts';
import type { AnswerTable, TableCell } from './answer-table.ts';
import { type Basis, isSide, liveOf, maintenanceFrom, namesOf, onTick } from './basis.ts';
import { type FieldGroup, type Live, type LiveMap, listOf, textsOf, timeOf, type Typed } from './fields.ts';
import { scaleGroups, shownFigure } from './figures.ts';
import { fromPercent } from './percent.ts';
import { withSize } from './liquidation.ts';
import {
  CONTRACT_SIZE,
  CONTRACTS,
  EQUITY,
  EQUITY_IN,
  equityIn,
  FEE_TIER,
  FEES,
  fundingTerms,
  holdFields,
  isHidden,
  LEVERAGE,
  LOT_RULES,
  MAINTENANCE,
  MARGIN,
  MAX_LEVERAGE,
  RISK,
  SIDE,
  SIZE_BY,
  SLIPPAGE,
  STOP,
} from './size.ts';
import type { SingleAnswer, SingleCalculator } from './single.ts';

const SPACED = 'With spaces between them';

export const SCALE_GROUPS: readonly FieldGroup[] = [
  {
    name: 'Plan',
    fields: [
      SIDE,
      {
        key: 'scale.entries',
        at: 'entries',
        name: 'Entries',
        kind: 'list',
        unit: '{quote}',
        hint: `${SPACED}, in the order in which they fill.`,
      },
      {
        key: 'scale.weights',
        at: 'weights',
        name: 'Weights',
        kind: 'list',
        unit: '',
        hint: `${SPACED}, one for each entry: 1 1 2. Empty: equal.`,
      },
      STOP,
      { key: 'scale.exits', at: 'exits', name: 'Take profits', kind: 'list', unit: '{quote}', hint: `${SPACED}.` },
      {
        key: 'scale.shares',
        at: 'shares',
        name: 'Shares',
        kind: 'list',
        unit: '%',
        hint: `${SPACED}, one for each target: 50 25. Empty: equal parts.`,
      },
    ],
  },
  { name: 'Risk', fields: [EQUITY, EQUITY_IN, SIZE_BY, CONTRACTS, RISK, LEVERAGE, MARGIN] },
  { name: 'Costs', fields: [FEE_TIER, ...FEES, SLIPPAGE] },
  { name: 'Funding over the hold', fields: holdFields('funding.', 'hold.') },
  { name: 'Rules of the venue', shut: true, fields: [...LOT_RULES, CONTRACT_SIZE, MAX_LEVERAGE, ...MAINTENANCE] },
];

const number = (given: string): Exact | null => (isNumberText(given.trim()) && exact(given.trim()).gt(0) ? exact(given.trim()) : null);

/** The entry and one halfway to the stop, targets as far as the stop and twice as far, until a plan is typed. */
function scaleLive(basis: Basis, typed: Typed): LiveMap {
  const live: Record<string, Live | undefined> = { ...withSize(basis, typed, liveOf(basis, typed)) };
  const text = textsOf(typed, live);
  const side = text('side') === 'short' ? 'short' : 'long';
  const [entry, stop] = [number(text('entry')), number(text('stop'))];
  if (entry === null || stop === null) return live;
  const tick = basis.facts?.rules?.tickSize;
  const at = (times: number): string => onTick(entry.plus(entry.minus(stop).times(times)).toNumber(), tick, side);
  live['scale.entries'] = { text: `${entry.toFixed()} ${at(-0.5)}`, from: 'the entry, and halfway to the stop', at: null };
  const targets = listOf(text('targets'));
  const positive = [at(1), at(2)].filter((price) => number(price) !== null);
  live['scale.exits'] =
    targets.length > 0
      ? { text: targets.join(' '), from: 'the take profits of Size', at: null }
      : { text: positive.join(' '), from: 'as far as the stop, and twice', at: null };
  return live;
}

/** One more text than its partner still stands as a line, whose price is then missing. */
const paired = (prices: readonly string[], others: readonly string[]): readonly (readonly [string, string | null])[] =>
  Array.from({ length: Math.max(prices.length, others.length) }, (_, i) => [prices[i] ?? '', others[i] ?? null]);

export function scaleInput(basis: Basis, typed: Typed, live: LiveMap): ScaleInput {
  const text = textsOf(typed, live);
  const side = text('side');
  const percent = (key: string): string => fromPercent(text(key));
  const set = text('sizeBy') === 'quantity';
  return {
    contract: basis.row.instrument.contract,
    side: isSide(side) ? side : 'long',
    margin: text('margin') === 'cross' ? 'cross' : 'isolated',
    entries: paired(listOf(text('scale.entries')), listOf(text('scale.weights'))).map(([price, weight]) => ({ price, weight })),
    stop: text('stop'),
    exits: paired(listOf(text('scale.exits')), listOf(text('scale.shares')).map(fromPercent)).map(([price, share]) => ({ price, share })),
    equity: text('equity'),
    ...equityIn(basis, text),
    ...(set ? { contracts: text('contracts') } : { risk: percent('risk') }),
    contractSize: text('contractSize'),
    lotStep: text('lotStep'),
    minQuantity: text('minQuantity'),
    leverage: text('leverage'),
    venueMaxLeverage: text('venueMaxLeverage'),
    feeIn: percent('feeIn'),
    feeOut: percent('feeOut'),
    slipBps: text('slipBps'),
    funding: fundingTerms(text, basis.row.continuous),
    hold: { openAt: timeOf(text('openAt')), holdH: text('holdH') },
    maintenance: maintenanceFrom(typed, basis.facts?.rules?.maintenance ?? null, fromPercent),
    liquidationFee: percent('liquidationFee'),
    ...namesOf(basis.row),
  };
}

const NO_WORDS = { unit: '', formula: '', worked: '', inputs: {}, reason: null };
const NOTHING: TableCell = { text: '', value: null };

function planTable({ entries, exits }: ScaleResult, quote: string, money: string): AnswerTable {
  const price = (value: string): TableCell => ({ text: formatPrice(Number(value)), value });
  const cash = (value: string): TableCell => ({ text: formatFixed(Number(value), 2, true), value });
  const plain = (value: string): TableCell => ({ text: shownFigure({ figure: { ...NO_WORDS, value }, style: 'quantity' }).text, value });
  return {
    name: 'Fills in their order',
    unit: '',
    corner: `Fill at, ${quote}`,
    columns: [
      { name: 'Contracts' },
      { name: 'Average', unit: quote },
      { name: 'Its net', unit: money },
      { name: 'Then stopped', unit: money },
      { name: 'R' },
    ],
    rows: [
      ...entries.map(({ price: at, contracts, averageEntry, lossAtStop }) => ({
        name: `Entry ${formatPrice(Number(at))}`,
        cells: [plain(contracts), price(averageEntry), NOTHING, cash(exact(lossAtStop).neg().toFixed()), NOTHING],
      })),
      ...exits.map(({ price: at, contracts, net, netThenStop, rThenStop }) => ({
        name: `Target ${formatPrice(Number(at))}`,
        cells: [
          plain(contracts),
          NOTHING,
          cash(net),
          cash(netThenStop),
          rThenStop === null ? { text: NONE, value: null } : { text: formatFixed(Number(rThenStop), 2, true), value: rThenStop },
        ],
      })),
    ],
    note: 'Then stopped: all in all, where the stop takes what is left after this fill.',
  };
}

function answer(basis: Basis, typed: Typed, live: LiveMap): SingleAnswer {
  const result = scalePosition(scaleInput(basis, typed, live));
  const { base, quote } = namesOf(basis.row);
  const { contracts } = result.figures;
  return {
    problems: result.problems,
    warnings: result.warnings,
    groups: scaleGroups(result),
    before: textsOf(typed, live)('side') === 'short' ? 'Sell' : 'Buy',
    shown: shownFigure({ figure: contracts, style: 'quantity' }),
    verdict: result.verdict,
    table: result.entries.length === 0 ? null : planTable(result, quote, basis.row.instrument.contract === 'linear' ? quote : base),
  };
}

export const scale: SingleCalculator = {
  name: 'Scale in and out',
  focus: 'scale.entries',
  groups: SCALE_GROUPS,
  tableName: 'Fills in their order',
  live: scaleLive,
  isHidden: (key, text, contract) => isHidden(key, text, contract) || (key === 'contracts' && text('sizeBy') !== 'quantity'),
  answer,
};
