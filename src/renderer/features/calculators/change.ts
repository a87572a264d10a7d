import type { PositionView } from '#bridge/scenario.ts';
import { type Change, type ChangeInput, changePosition, HELD_FIGURES, type HeldFigure, type Standing } from '#domain/decisions/change.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Figure } from '#domain/decisions/figure.ts';
import { isNumberText } from '#domain/number-text.ts';
import { NONE } from '../../format/numbers.ts';
import type { AnswerTable, TableCell } from './answer-table.ts';
import { type Basis, isSide, maintenanceFrom, namesOf } from './basis.ts';
import { type FieldGroup, type LiveMap, textsOf, type Typed } from './fields.ts';
import { changeGroups, shownFigure } from './figures.ts';
import { fromPercent } from './percent.ts';
import { withHeld } from './profit.ts';
import {
  CONTRACT_SIZE,
  CONTRACTS,
  ENTRY,
  EQUITY,
  EQUITY_IN,
  equityIn,
  FEE_TIER,
  FEES,
  isHidden,
  LEVERAGE,
  MAINTENANCE,
  MARGIN,
  MARK,
  OTHER,
  SIDE,
  SLIPPAGE,
} from './size.ts';
import type { SingleAnswer, SingleCalculator } from './single.ts';

export const CHANGE_GROUPS: readonly FieldGroup[] = [
  { name: 'What is held', fields: [SIDE, ENTRY, CONTRACTS, MARK] },
  {
    name: 'The fill',
    fields: [
      {
        key: 'change',
        at: 'change',
        name: 'Change',
        kind: 'choice',
        unit: '',
        options: [
          { value: 'add', text: 'Add' },
          { value: 'reduce', text: 'Reduce' },
          { value: 'flip', text: 'Flip', title: 'Close all of it and open the other side' },
        ],
      },
      { key: 'change.price', at: 'price', name: 'At', kind: 'number', unit: '{quote}' },
      {
        key: 'change.by',
        at: 'by',
        name: 'By',
        kind: 'number',
        unit: 'contracts',
        hint: 'Of a flip those of the new position; empty: as many as are held.',
      },
    ],
  },
  { name: 'Margin', fields: [MARGIN, LEVERAGE, { ...EQUITY, hint: 'What the account is worth at the mark.' }, EQUITY_IN, OTHER] },
  { name: 'Costs of the fill', fields: [FEE_TIER, ...FEES.slice(0, 1).map((fee) => ({ ...fee, at: 'fee', name: 'Fee' })), SLIPPAGE] },
  { name: 'Rules of the venue', shut: true, fields: [CONTRACT_SIZE, ...MAINTENANCE] },
];

const isChange = (text: string): text is Change => text === 'add' || text === 'reduce' || text === 'flip';

/** Half of it taken off, as much again added, or all of it turned, until another is typed. */
function changeLive(basis: Basis, typed: Typed, positions: readonly PositionView[]): LiveMap {
  const live = withHeld(basis, typed, positions);
  const held = textsOf(typed, live)('contracts').trim();
  const change = typed['change'] ?? 'reduce';
  const step = basis.facts?.rules?.lotStep ?? '0';
  const half = (): string => {
    const parts = exact(held).div(2);
    return exact(step).gt(0) ? parts.div(step).floor().times(step).toFixed() : parts.toFixed();
  };
  const by = !isNumberText(held) || change === 'flip' ? '' : change === 'reduce' ? half() : held;
  return {
    ...live,
    change: { text: 'reduce', from: '', at: null },
    'change.price': live['mark'],
    'change.by': by === '' ? undefined : { text: by, from: change === 'reduce' ? 'half of it' : 'as much again', at: null },
  };
}

export function changeInput(basis: Basis, typed: Typed, live: LiveMap): ChangeInput {
  const text = textsOf(typed, live);
  const [side, change] = [text('side'), text('change')];
  const cross = text('margin') === 'cross';
  return {
    contract: basis.row.instrument.contract,
    side: isSide(side) ? side : 'long',
    margin: cross ? 'cross' : 'isolated',
    entry: text('entry'),
    contracts: text('contracts'),
    contractSize: text('contractSize'),
    change: isChange(change) ? change : 'reduce',
    price: text('change.price'),
    by: text('change.by'),
    fee: fromPercent(text('feeIn')),
    slipBps: text('slipBps'),
    leverage: text('leverage'),
    equity: cross ? text('equity') : null,
    ...(cross ? equityIn(basis, text) : {}),
    otherMaintenance: cross ? text('otherMaintenance') : null,
    mark: text('mark'),
    maintenance: maintenanceFrom(typed, basis.facts?.rules?.maintenance ?? null, fromPercent),
    liquidationFee: fromPercent(text('liquidationFee')),
    ...namesOf(basis.row),
  };
}

const ROWS: Readonly<Record<HeldFigure, readonly [string, 'quantity' | 'price' | 'money' | 'signed-percent']>> = {
  contracts: ['Contracts', 'quantity'],
  entry: ['Average entry', 'price'],
  notional: ['Notional', 'money'],
  margin: ['Margin', 'money'],
  breakEven: ['Break-even', 'price'],
  liquidation: ['Liquidation, estimate', 'price'],
  distance: ['away from the mark', 'signed-percent'],
  bankruptcy: ['Bankruptcy price', 'price'],
};

const cellOf = (figure: Figure | undefined, style: (typeof ROWS)[HeldFigure][1]): TableCell => {
  if (figure?.value === undefined || figure.value === null)
    return { text: NONE, value: null, tone: 'quiet', ...(figure?.reason && { title: figure.reason }) };
  const { text, unit } = shownFigure({ figure, style }, 2);
  return { text: `${text} ${unit}`.trim(), value: figure.value };
};

function standingTable(before: Standing, after: Standing | null): AnswerTable {
  const sideOf = (of: Standing | null): TableCell => ({ text: of?.side ?? 'closed', value: null });
  return {
    name: 'Before and after',
    unit: '',
    corner: '',
    columns: [{ name: 'Before' }, { name: 'After' }],
    rows: [
      { name: 'Side', cells: [sideOf(before), sideOf(after)] },
      ...HELD_FIGURES.map((id) => {
        const [name, style] = ROWS[id];
        return { name, cells: [cellOf(before.figures[id], style), cellOf(after?.figures[id], style)] };
      }),
    ],
    note: 'Funding paid so far is not in it.',
  };
}

function answer(basis: Basis, typed: Typed, live: LiveMap): SingleAnswer {
  const result = changePosition(changeInput(basis, typed, live));
  const { net } = result.figures;
  return {
    problems: result.problems,
    warnings: result.warnings,
    groups: changeGroups(result),
    before: 'Net',
    shown: shownFigure({ figure: net, style: 'signed' }, 2),
    verdict: result.verdict,
    table: result.before === null ? null : standingTable(result.before, result.after),
  };
}

export const change: SingleCalculator = {
  name: 'Change a position',
  focus: 'change.by',
  groups: CHANGE_GROUPS,
  tableName: 'Before and after',
  live: changeLive,
  isHidden: (key, text, contract) =>
    isHidden(key, text, contract) || ((key === 'equity' || key === 'equityIn') && text('margin') !== 'cross'),
  answer,
};
