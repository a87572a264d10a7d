import type { PositionView } from '#bridge/scenario.ts';
import { exact, type Exact } from '#domain/decisions/exact.ts';
import type { ProfitInput } from '#domain/decisions/profit-input.ts';
import { profitOf, type ProfitResult } from '#domain/decisions/profit.ts';
import type { WhatIf } from '#domain/decisions/what-if.ts';
import { isNumberText } from '#domain/number-text.ts';
import { formatFixed, formatPrice, NONE } from '../../format/numbers.ts';
import type { AnswerTable } from './answer-table.ts';
import { type Basis, isSide, liveOf, maintenanceFrom, namesOf, onTick } from './basis.ts';
import { type FieldGroup, type Live, type LiveMap, listOf, textsOf, timeOf, type Typed } from './fields.ts';
import { profitGroups, shownFigure } from './figures.ts';
import { withSize } from './liquidation.ts';
import { fromPercent } from './percent.ts';
import {
  CONTRACT_SIZE,
  CONTRACTS,
  ENTRY,
  EQUITY,
  EQUITY_IN,
  equityIn,
  FEE_TIER,
  FEES,
  fundingTerms,
  holdFields,
  isHidden,
  LEVERAGE,
  MAINTENANCE,
  MARGIN,
  MAX_LEVERAGE,
  OTHER,
  SIDE,
  SLIPPAGE,
  STOP,
} from './size.ts';
import type { SingleAnswer, SingleCalculator } from './single.ts';
import { inField } from '../../format/notation.ts';

export const PROFIT_GROUPS: readonly FieldGroup[] = [
  {
    name: 'Position',
    fields: [
      SIDE,
      {
        key: 'filled',
        at: 'filled',
        name: 'The entry is',
        kind: 'choice',
        unit: '',
        options: [
          { value: 'plan', text: 'A plan', title: 'It still slips, and a cross equity has not paid its fee' },
          { value: 'filled', text: 'Filled', title: 'Its slippage is in its price' },
        ],
      },
      ENTRY,
      CONTRACTS,
      { key: 'exit', at: 'exit', name: 'Exit', kind: 'number', unit: '{quote}' },
      STOP,
    ],
  },
  {
    name: 'Wanted',
    fields: [
      {
        key: 'wantedNet',
        at: 'wantedNet',
        name: 'Profit',
        kind: 'number',
        unit: '{money}',
        hint: 'Net of all costs: the exit that brings it.',
      },
      { key: 'wantedR', at: 'wantedR', name: 'R multiple', kind: 'number', unit: 'R', hint: 'Net over the loss at the stop.' },
      {
        key: 'buffer',
        at: 'buffer',
        name: 'Outlast',
        kind: 'percent',
        unit: '%',
        right: 'Enter percent from 0 to 95, such as 20.',
        hint: 'Against the position: the capital that it takes.',
      },
    ],
  },
  { name: 'Margin', fields: [MARGIN, LEVERAGE, EQUITY, EQUITY_IN, OTHER] },
  { name: 'Costs', fields: [FEE_TIER, ...FEES, SLIPPAGE] },
  {
    name: 'Funding',
    fields: [
      { key: 'fundingPaid', at: 'fundingPaid', name: 'Paid so far', kind: 'number', unit: '{money}', hint: 'Received with a minus sign.' },
      ...holdFields('funding.', 'hold.'),
    ],
  },
  {
    name: 'Table',
    fields: [
      { key: 'whatIf.prices', at: 'whatIf.prices', name: 'Prices', kind: 'list', unit: '{quote}', hint: 'With spaces between them.' },
      { key: 'whatIf.holdsH', at: 'whatIf.holdsH', name: 'Holds', kind: 'list', unit: 'h', hint: 'Hours, with spaces between them.' },
    ],
  },
  { name: 'Rules of the venue', shut: true, fields: [CONTRACT_SIZE, MAX_LEVERAGE, ...MAINTENANCE] },
];

const assumed = (text: string | null, from: string): Live | undefined => (text === null ? undefined : { text, from, at: null });

/** What is held of the instrument, where a scenario of it is marked as open. */
export const heldOf = (positions: readonly PositionView[], id: string): PositionView | undefined =>
  positions.find(({ instrument }) => instrument.id === id);

/** An open position stands in the fields until another is typed; else the size of Size. */
export function withHeld(basis: Basis, typed: Typed, positions: readonly PositionView[]): LiveMap {
  const held = heldOf(positions, basis.row.instrument.id);
  if (held === undefined) return withSize(basis, typed, liveOf(basis, typed));
  const from = `open position ${held.name}`;
  const live = liveOf(basis, { side: held.side, entry: held.entry, ...typed });
  const paid = held.fundingSince.paid.value;
  return {
    ...live,
    side: assumed(held.side, from),
    entry: assumed(held.entry, from),
    contracts: assumed(held.contracts, from),
    filled: assumed('filled', from),
    fundingPaid: assumed(paid === null ? null : exact(paid).toSignificantDigits(8).toFixed(), `settled since the opening, ${from}`),
  };
}

const HOLDS = '0 8 24 72 168';
/** Without a volatility the table steps so far, as a share of the entry. */
const STEP = 0.02;
const STEPS = [-3, -2, -1, 0, 1, 2, 3];

function profitLive(basis: Basis, typed: Typed, positions: readonly PositionView[]): LiveMap {
  const live: Record<string, Live | undefined> = { ...withHeld(basis, typed, positions) };
  live['filled'] ??= assumed('plan', '');
  live['wantedR'] = assumed('2', 'usual');
  live['buffer'] = assumed('20', 'usual');
  live['whatIf.holdsH'] = assumed(HOLDS, 'usual');
  const text = textsOf(typed, live);
  const [entry, stop, side] = [text('entry').trim(), text('stop').trim(), text('side') === 'short' ? 'short' : 'long'] as const;
  const tick = basis.facts?.rules?.tickSize;
  const number = (given: string): Exact | null => (isNumberText(given) && exact(given).gt(0) ? exact(given) : null);
  const [from, to] = [number(entry), number(stop)];
  if (text('filled') === 'filled' && live['mark'] !== undefined) live['exit'] = live['mark'];
  else if (from !== null && to !== null && from.plus(from.minus(to).times(2)).gt(0))
    live['exit'] = assumed(onTick(from.plus(from.minus(to).times(2)).toNumber(), tick, side), 'twice as far as the stop');
  if (from !== null) {
    const step = (basis.facts?.volatility.value ?? 2 * STEP) / 2;
    const prices = STEPS.map((k) => onTick(from.times(1 + k * step).toNumber(), tick, 'long')).filter((price) => exact(price).gt(0));
    live['whatIf.prices'] = assumed([...new Set(prices)].reverse().join(' '), 'steps of half a daily volatility');
  }
  return live;
}

export function profitInput(basis: Basis, typed: Typed, live: LiveMap): ProfitInput {
  const text = textsOf(typed, live);
  const side = text('side');
  const cross = text('margin') === 'cross';
  return {
    contract: basis.row.instrument.contract,
    side: isSide(side) ? side : 'long',
    margin: cross ? 'cross' : 'isolated',
    entry: text('entry'),
    contracts: text('contracts'),
    contractSize: text('contractSize'),
    exit: text('exit'),
    stop: text('stop'),
    leverage: text('leverage'),
    venueMaxLeverage: text('venueMaxLeverage'),
    equity: text('equity'),
    ...equityIn(basis, text),
    otherMaintenance: cross ? text('otherMaintenance') : null,
    maintenance: maintenanceFrom(typed, basis.facts?.rules?.maintenance ?? null, fromPercent),
    liquidationFee: fromPercent(text('liquidationFee')),
    mark: text('mark'),
    feeIn: fromPercent(text('feeIn')),
    feeOut: fromPercent(text('feeOut')),
    slipBps: text('slipBps'),
    filled: text('filled') === 'filled',
    fundingPaid: text('fundingPaid'),
    funding: fundingTerms(text, basis.row.continuous),
    hold: { openAt: timeOf(text('openAt')), holdH: text('holdH') },
    wantedNet: text('wantedNet'),
    wantedR: text('wantedR'),
    buffer: fromPercent(text('buffer')),
    whatIf: { prices: listOf(text('whatIf.prices')), holdsH: listOf(text('whatIf.holdsH')) },
    ...namesOf(basis.row),
  };
}

/** Decimals by the largest of them, so that a column can be read down. */
const decimalsOf = (values: readonly number[]): number => {
  const most = Math.max(0, ...values.map(Math.abs));
  return most >= 1000 ? 0 : most >= 10 ? 2 : most >= 0.1 ? 4 : 8;
};

const whatIfTable = ({ unit, holdsH, rows, missing }: WhatIf, price: string): AnswerTable => {
  const decimals = decimalsOf(rows.flatMap(({ cells }) => cells.flatMap(({ net }) => (net === null ? [] : [Number(net)]))));
  return {
    name: 'Net by price and hours held',
    unit,
    corner: price,
    columns: holdsH.map((name) => ({ name: `${inField(name)} h` })),
    rows: rows.map((row) => ({
      name: formatPrice(Number(row.price)),
      cells: row.cells.map(({ net, liquidated }) =>
        net === null
          ? { text: NONE, value: null, tone: 'quiet' }
          : {
              text: `${formatFixed(Number(net), decimals, true)}${liquidated ? ' liq.' : ''}`,
              value: net,
              ...(liquidated && { tone: 'quiet', title: 'Beyond the estimated liquidation price: what was put up is lost' }),
            },
      ),
    })),
    note:
      missing ??
      'After fees, slippage and the funding of each hold at today\u2019s rate. liq.: liquidated by then, what was put up is lost.',
  };
};

function answer(basis: Basis, typed: Typed, live: LiveMap): SingleAnswer {
  const result: ProfitResult = profitOf(profitInput(basis, typed, live));
  const { net } = result.figures;
  return {
    problems: result.problems,
    warnings: result.warnings,
    groups: profitGroups(result),
    before: 'Net',
    shown: shownFigure({ figure: net, style: 'signed' }, 2),
    verdict: result.verdict,
    table: result.whatIf === null ? null : whatIfTable(result.whatIf, `Price, ${namesOf(basis.row).quote}`),
  };
}

export const profit: SingleCalculator = {
  name: 'Profit and return',
  focus: 'exit',
  groups: PROFIT_GROUPS,
  tableName: 'Net by price and hours held',
  live: profitLive,
  isHidden,
  answer,
};
