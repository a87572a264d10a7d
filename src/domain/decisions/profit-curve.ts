import { valueOf } from './exact.ts';
import { notionalAt, type Position } from './liquidation-price.ts';
import { netAt } from './payoff.ts';
import { Reader } from './reader.ts';
import { readSize, type SizeInput } from './size-input.ts';
import { sizeOf } from './size-limit.ts';
import { liquidationOf } from './size-liquidation.ts';
import { sizePosition } from './size.ts';

export interface ProfitMark {
  readonly kind: 'entry' | 'stop' | 'target' | 'break-even' | 'liquidation';
  readonly price: number;
  /** Net profit there. */
  readonly profit: number;
}

/** Net profit over the exit price, in the settle currency; ascending in price, every mark a point of its own. */
export interface ProfitCurve {
  readonly price: Float64Array;
  readonly profit: Float64Array;
  readonly marks: readonly ProfitMark[];
}

const POINTS = 160;
/** Room beside the outermost mark, as a share of the span. */
const ROOM = 0.15;

/** Null where the size has no figures. Beyond liquidation the loss is what was put up, costs of the entry included. */
export function profitCurve(input: SizeInput): ProfitCurve | null {
  const { figures, targets, problems } = sizePosition(input);
  if (problems.length > 0) return null;
  const read = readSize(new Reader(), input);
  const { steps, trade } = sizeOf(read);
  const contracts = steps.times(read.lotStep);
  const { contract, sign, entry, contractSize, feeIn, slip } = trade;
  const position: Position = { contract, sign, entry, contracts, units: contracts.times(contractSize) };
  const notional = notionalAt(position, entry);
  const entryCost = feeIn.plus(slip).times(notional);
  const most = liquidationOf(read, position, trade, input).balance.plus(entryCost).neg().toNumber();
  const side = sign.toNumber();
  const taken = figures.liquidation.value === null ? null : Number(figures.liquidation.value);
  const profitAt = (price: number): number =>
    taken !== null && side * (price - taken) <= 0
      ? most
      : valueOf(netAt(trade, entry.times(0).plus(price)))
          .times(contracts)
          .toNumber();

  const named: [ProfitMark['kind'], string | null][] = [
    ['entry', entry.toFixed()],
    ['stop', read.stop.toFixed()],
    ...targets.map(({ price }): [ProfitMark['kind'], string] => ['target', price]),
    ['break-even', figures.breakEven.value],
    ['liquidation', figures.liquidation.value],
  ];
  const marks = named.flatMap(([kind, text]) => (text === null ? [] : [{ kind, price: Number(text), profit: profitAt(Number(text)) }]));
  // A far liquidation would press everything else into a corner: the drawing shows as much again as the rest spans.
  const near = marks.filter((mark) => mark.kind !== 'liquidation').map((mark) => mark.price);
  const span = Math.max(...near) - Math.min(...near);
  const shown = [...near, ...(taken !== null && taken > Math.min(...near) - span && taken < Math.max(...near) + span ? [taken] : [])];
  const low = Math.max(Math.min(...shown) - ROOM * span, Math.min(...shown) * 0.01);
  const high = Math.max(...shown) + ROOM * span;
  const even = Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS);
  const inside = marks.map((mark) => mark.price).filter((price) => price > low && price < high);
  const price = Float64Array.from(new Set([...even, ...inside])).sort();
  return { price, profit: price.map(profitAt), marks };
}
