import type { HourColumns, PriceColumns, SettledColumns } from '../columns.ts';
import { exact, ZERO, type Exact } from './exact.ts';
import { figure, noFigure, type Figure } from './figure.ts';
import { directionOf, signOf, type Contract, type Direction, type Side } from './side.ts';

/** One perpetual that is held; decimal text. */
export interface HeldLeg {
  readonly side: Side;
  readonly contracts: string;
  /** Base units (linear) or quote money (inverse). */
  readonly units: string;
  readonly entry: string;
}

export interface OpenPosition {
  readonly contract: Contract;
  readonly side: Side;
  /** Base coins (linear) or quote money (inverse). */
  readonly units: number | string;
  readonly entry: number | string;
  /** ms. */
  readonly openAt: number;
}

export interface FundingSince {
  readonly paid: Figure;
  readonly direction: Direction;
  readonly settlements: number;
  /** Of them valued at the entry, because no mark is stored for them. */
  readonly atEntry: number;
}

/** Rows whose venue gives no mark take the stored hourly one at their key: as observed, else the venue's candle. */
export function withHourlyMarks(
  settled: SettledColumns,
  observed: Pick<HourColumns, 'close' | 'mark'>,
  candles: Pick<PriceColumns, 'close' | 'mark'>,
): SettledColumns {
  const stored = new Map<number, number>();
  for (const { close, mark } of [candles, observed]) {
    for (const [i, at] of close.entries()) if (mark[i]! > 0) stored.set(at, mark[i]!);
  }
  return { ...settled, mark: settled.mark.map((mark, i) => (mark > 0 ? mark : (stored.get(settled.key[i]!) ?? mark))) };
}

/** Whether a row has to be valued at the entry, for want of a mark. */
export const lacksMark = ({ mark }: Pick<SettledColumns, 'mark'>): boolean => mark.some((each) => !(each > 0));

/** Funding actually charged since the opening: settled rates with open < key <= now, each at its own mark. */
export function fundingSince(
  position: OpenPosition,
  settled: Pick<SettledColumns, 'key' | 'rate' | 'mark'>,
  now: number,
  money: string,
): FundingSince {
  const units = exact(position.units);
  const sign = signOf(position.side);
  let paid: Exact = ZERO;
  let [settlements, atEntry] = [0, 0];
  for (let i = 0; i < settled.key.length; i++) {
    if (!(settled.key[i]! > position.openAt && settled.key[i]! <= now)) continue;
    const mark = settled.mark[i]!;
    const known = mark > 0;
    const price = exact(known ? mark : position.entry);
    paid = paid.plus(sign.times(settled.rate[i]!).times(position.contract === 'linear' ? units.times(price) : units.div(price)));
    settlements++;
    if (!known) atEntry++;
  }
  return {
    paid:
      settlements === 0
        ? noFigure(money, 'Nothing has been settled since the opening.')
        : figure(money, 'sum of {s} × rate × value over {n} settlements', { s: sign, n: settlements }, paid),
    direction: directionOf(paid),
    settlements,
    atEntry,
  };
}
