import type { CalculatorFacts } from '#bridge/facts.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { PositionView } from '#bridge/scenario.ts';
import type { CrossInput, CrossResult } from '#domain/decisions/cross.ts';
import type { Instrument } from '#domain/instrument.ts';
import { isNumberText } from '#domain/number-text.ts';
import { formatFixed, NONE } from '../../format/numbers.ts';
import type { AnswerTable, TableCell } from './answer-table.ts';
import { equityInCoin, isSide, maintenanceFrom, maintenanceText, namesOf } from './basis.ts';
import { type FieldGroup, type Live, type LiveMap, textsOf, type Typed } from './fields.ts';
import { shownFigure } from './figures.ts';
import { fromPercent, toPercent } from './percent.ts';
import { MAINTENANCE, SIDE } from './size.ts';

/** One position of the account as the panel holds it. */
export interface CrossLeg {
  readonly instrument: Instrument;
  readonly mark: number | null;
  readonly observedAt: number | null;
  readonly freshMs: number;
  readonly facts: CalculatorFacts | null;
  readonly held: PositionView | undefined;
  /** "ETH/USDT". */
  readonly name: string;
}

/** Those that share one equity: of one venue, kind and settle currency. */
export const sharesMargin = (a: Instrument, b: Instrument): boolean =>
  a.venue === b.venue && a.contract === b.contract && a.settle === b.settle;

export const settleScope = ({ venue, contract, settle }: Instrument): string => `cross ${venue} ${contract} ${settle}`;

/** What stands in the list until another is chosen: the open positions of the account, else what is looked at. */
export const firstLegs = (row: WatchRow, positions: readonly PositionView[]): readonly string[] => {
  const held = positions.filter(({ instrument }) => sharesMargin(instrument, row.instrument)).map(({ instrument }) => instrument.id);
  return held.length > 0 ? [...new Set(held)] : [row.instrument.id];
};

export const crossGroups = (legs: readonly CrossLeg[]): readonly FieldGroup[] => [
  {
    name: 'Account',
    fields: [
      {
        ...{ key: 'cross.equity', at: 'equity', name: 'Worth now', kind: 'number', unit: '{money}' },
        hint: 'What the account is worth at the marks, open profit inside.',
      },
    ],
  },
  ...legs.map(({ instrument: { id }, name }, i): FieldGroup => ({
    name,
    fields: [
      { ...SIDE, key: `${id}.side`, at: `positions.${i}.side` },
      { key: `${id}.contracts`, at: `positions.${i}.contracts`, name: 'Contracts', kind: 'number', unit: 'contracts' },
      { key: `${id}.entry`, at: `positions.${i}.entry`, name: 'Entry', kind: 'number', unit: '{quote}' },
      { key: `${id}.mark`, at: `positions.${i}.mark`, name: 'Mark', kind: 'number', unit: '{quote}' },
      ...MAINTENANCE.slice(0, 1).map((field) => ({ ...field, key: `${id}.maintenance`, at: `positions.${i}.maintenance` })),
    ],
  })),
];

/** Of an account in coin without a mark nothing is filled in: quote money there would be a wrong number. */
function equityOf([first]: readonly CrossLeg[], equity: string): Live | undefined {
  if (first === undefined || first.instrument.contract === 'linear') return { text: equity, from: 'saved equity', at: null };
  return first.mark === null || !isNumberText(equity) ? undefined : equityInCoin(equity, first.mark);
}

export function crossLive(legs: readonly CrossLeg[], equity: string): LiveMap {
  const live: Record<string, Live | undefined> = { 'cross.equity': equityOf(legs, equity) };
  for (const { instrument, mark, observedAt, freshMs, facts, held } of legs) {
    const { id } = instrument;
    const from = held === undefined ? 'mark' : `open position ${held.name}`;
    const quoted = mark === null ? undefined : { text: String(mark), from: 'mark', at: observedAt, freshMs };
    live[`${id}.side`] = { text: held?.side ?? 'long', from: '', at: null };
    live[`${id}.contracts`] = held && { text: held.contracts, from, at: null };
    live[`${id}.entry`] = held ? { text: held.entry, from, at: null } : quoted;
    live[`${id}.mark`] = quoted;
    const rule = maintenanceText(facts?.rules?.maintenance ?? null);
    live[`${id}.maintenance`] = rule === null ? undefined : { text: rule, from: 'rules of the venue', at: facts?.rules?.at ?? null };
  }
  return live;
}

export function crossInput(row: WatchRow, legs: readonly CrossLeg[], typed: Typed, live: LiveMap): CrossInput {
  const text = textsOf(typed, live);
  const { base, quote } = namesOf(row);
  const { contract } = row.instrument;
  return {
    contract,
    equity: text('cross.equity'),
    positions: legs.map(({ instrument, facts, name }) => {
      const side = text(`${instrument.id}.side`);
      const rules = facts?.rules ?? null;
      const rate = typed[`${instrument.id}.maintenance`];
      return {
        name,
        side: isSide(side) ? side : 'long',
        entry: text(`${instrument.id}.entry`),
        contracts: text(`${instrument.id}.contracts`),
        contractSize: rules?.contractSize ?? instrument.contractSize,
        mark: text(`${instrument.id}.mark`),
        // Without a rule there is no estimate: the field says what to enter.
        maintenance: maintenanceFrom(rate === undefined ? {} : { maintenance: rate }, rules?.maintenance ?? null, fromPercent) ?? {
          kind: 'flat',
          rate: '',
        },
        liquidationFee: rules?.liquidationFee ?? null,
      };
    }),
    money: contract === 'linear' ? quote : base,
    quote,
  };
}

export function crossTable({ positions }: CrossResult, money: string, quote: string): AnswerTable {
  const cell = (
    of: CrossResult['positions'][number],
    id: keyof CrossResult['positions'][number]['figures'],
    style: 'money' | 'signed' | 'price',
  ): TableCell => {
    const figure = of.figures[id];
    return figure.value === null
      ? { text: NONE, value: null, tone: 'quiet', ...(figure.reason !== null && { title: figure.reason }) }
      : { text: shownFigure({ figure, style }, 2).text, value: figure.value };
  };
  return {
    name: 'Each while the others stand still',
    unit: '',
    corner: 'Position',
    columns: [
      { name: 'Liquidation, est.', unit: quote },
      { name: 'Away', unit: '%' },
      { name: 'Notional', unit: money },
      { name: 'Profit', unit: money },
      { name: 'Maintenance', unit: money },
    ],
    rows: positions.map((one) => {
      const { distance } = one.figures;
      return {
        name: `${one.name} ${one.side}`,
        cells: [
          cell(one, 'liquidation', 'price'),
          distance.value === null
            ? { text: NONE, value: null, tone: 'quiet' }
            : { text: formatFixed(Number(distance.value) * 100, 2, true), value: toPercent(distance.value) },
          cell(one, 'notional', 'money'),
          cell(one, 'profit', 'signed'),
          cell(one, 'maintenance', 'money'),
        ],
      };
    }),
    note: 'Each price moves one position and leaves the others at their marks. A fall of all at once liquidates sooner. Partial liquidation is not modelled.',
  };
}
