import type { HourColumns, PriceColumns, SettledColumns } from '../columns.ts';
import { HOUR_MS } from '../time.ts';
import { exact, ONE, ZERO, type Exact } from './exact.ts';
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

/** The running quote of a venue that accrues all the time: what stands for the hour that is not over. */
export interface RunningAccrual {
  readonly rate: number;
  readonly intervalH: number;
  readonly mark: number;
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
export function fundingSince(position: OpenPosition, settled: SettledMarks, now: number, money: string): FundingSince {
  const { paid, settlements, atEntry, sign } = charged(position, settled, now, () => ONE);
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

/**
 * The same where the venue accrues all the time: a row is of the clock hour that ends at its key, and charged for as much of it as the
 * position was held; the time since the newest row by the running quote (null: it is not known, and that time is left out).
 */
export function fundingAccrued(
  position: OpenPosition,
  settled: SettledMarks,
  now: number,
  money: string,
  quote: RunningAccrual | null,
): FundingSince {
  const heldShare = (key: number): Exact => (key - position.openAt < HOUR_MS ? exact(key - position.openAt).div(HOUR_MS) : ONE);
  const { paid, settlements, atEntry, sign, to } = charged(position, settled, now, heldShare);
  const hours = quote === null || now <= to ? ZERO : exact(now - to).div(HOUR_MS);
  const running =
    quote === null
      ? ZERO
      : sign
          .times(quote.rate)
          .times(hours)
          .div(quote.intervalH)
          .times(valueOf(position, exact(quote.mark)));
  const sum = paid.plus(running);
  const template = 'sum of {s} × rate × share held × value over {n} hours + {running} since the last of them';
  return {
    paid:
      settlements === 0 && hours.isZero()
        ? noFigure(money, 'Nothing that is known has accrued since the opening.')
        : figure(money, template, { s: sign, n: settlements, running }, sum),
    direction: directionOf(sum),
    settlements,
    atEntry,
  };
}

type SettledMarks = Pick<SettledColumns, 'key' | 'rate' | 'mark'>;

const valueOf = ({ contract, units }: OpenPosition, price: Exact): Exact =>
  contract === 'linear' ? exact(units).times(price) : exact(units).div(price);

/** What the rows with open < key <= now come to, each for its share; `to`: the key of the newest of them, else the opening. */
function charged(position: OpenPosition, settled: SettledMarks, now: number, share: (key: number) => Exact) {
  const sign = signOf(position.side);
  let paid: Exact = ZERO;
  let [settlements, atEntry] = [0, 0];
  let to = position.openAt;
  for (const [i, key] of settled.key.entries()) {
    if (!(key > position.openAt && key <= now)) continue;
    const mark = settled.mark[i]!;
    const known = mark > 0;
    const value = valueOf(position, exact(known ? mark : position.entry));
    paid = paid.plus(sign.times(settled.rate[i]!).times(share(key)).times(value));
    to = key;
    settlements++;
    if (!known) atEntry++;
  }
  return { paid, settlements, atEntry, sign, to };
}
