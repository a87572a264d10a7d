import { usdPar } from '../../amounts.ts';
import type { InstrumentId } from '../../instrument.ts';
import { GroupValues } from '../group-values.ts';
import { Identity } from './identity.ts';
import { LEG_ABSENT, LEG_PRESENT, type FrameInstrument, type GroupFrame, type HourFrame, type Leg } from './frames.ts';
import { HOUR_MS } from '../../time.ts';

/** All instruments of one asset; legs whose price is not this coin's do not stand (domain 3.4). */
export function assetFrame(frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame {
  const group = alignedFrame(frames, subject);
  const prices = group.legs.map(() => NaN);
  const identity = new Identity();
  for (let row = 0; row < group.time.length; row++) {
    const t = group.time[row]!;
    for (let leg = 0; leg < frames.length; leg++) prices[leg] = coinPrice(frames[leg]!, rowAt(frames[leg]!, t));
    identity.judge(group.legs, prices, row, t);
  }
  return inUsd(group);
}

/** Price of one coin in USD, stablecoins 1:1; NaN where it is not known, or in other money: it says nothing of which coin it is. */
function coinPrice({ mark, index, instrument }: HourFrame, row: number): number {
  if (row < 0 || !isInUsd(instrument)) return NaN;
  return (mark[row]! > 0 ? mark[row]! : index[row]!) / instrument.multiplier;
}

/** Groups of one row, one at a time: what is laid out next takes the place of what was. */
export class GroupRow {
  readonly #known: Refilled<Leg>[] = [];
  readonly #legs: Leg[] = [];
  readonly #prices: number[] = [];
  #count = 0;
  readonly #frame: Refilled<GroupFrame> = { time: new Float64Array(1), legs: this.#legs, subject: -1 };

  /** Begins with no legs. */
  start(time: number): void {
    this.#frame.time[0] = time;
    this.#frame.subject = -1;
    this.#count = 0;
  }

  /** The next leg: one row of its hours. */
  add(hours: HourFrame, row: number): void {
    const number = this.#count++;
    const leg = (this.#known[number] ??= emptyLeg(hours.instrument, 1));
    leg.instrument = hours.instrument;
    leg.f[0] = hours.f[row]!;
    leg.kind[0] = hours.kind[row]!;
    leg.observation[0] = hours.observation[row]!;
    takeRow(leg, 0, hours, row, isInUsd(hours.instrument));
    this.#legs[number] = leg;
    this.#prices[number] = coinPrice(hours, row);
  }

  /** As assetFrame (`identity` of these legs) or basketFrame (null) make it of these hours at one time; whose row it is may be set. */
  end(identity: Identity | null): Refilled<GroupFrame> {
    // Arrays that are cut lose their room; nearly always they have as many as the group before.
    if (this.#legs.length !== this.#count) this.#legs.length = this.#prices.length = this.#count;
    identity?.judge(this.#legs, this.#prices, 0, this.#frame.time[0]!);
    return inUsd(this.#frame);
  }
}

type Refilled<F> = { -readonly [K in keyof F]: F[K] };

/** Any list of instruments over the hours that any of them has. */
export const basketFrame = (frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame => inUsd(alignedFrame(frames, subject));

/** Of legs in other money than USD and stablecoins `usd` holds coins until here. */
function alignedFrame(frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame {
  const start = Math.min(...frames.map((frame) => frame.time[0] ?? Infinity));
  const end = Math.max(...frames.map((frame) => frame.time.at(-1) ?? -Infinity));
  const rows = start <= end ? Math.round((end - start) / HOUR_MS) + 1 : 0;
  const time = new Float64Array(rows);
  for (let row = 0; row < rows; row++) time[row] = start + row * HOUR_MS;
  return {
    time,
    legs: frames.map((frame) => alignedLeg(frame, start, rows)),
    subject: subject === null ? -1 : frames.findIndex((frame) => frame.instrument.id === subject),
  };
}

const rowAt = (frame: HourFrame, t: number): number => {
  const row = Math.round((t - (frame.time[0] ?? Infinity)) / HOUR_MS);
  return row >= 0 && row < frame.time.length ? row : -1;
};

function emptyLeg(instrument: FrameInstrument, rows: number): Leg {
  const unknown = (): Float64Array => new Float64Array(rows).fill(NaN);
  const [kind, standing] = [new Uint8Array(rows), new Uint8Array(rows)];
  return { instrument, f: unknown(), kind, observation: unknown(), usd: unknown(), index: unknown(), standing };
}

function alignedLeg(frame: HourFrame, start: number, rows: number): Leg {
  const leg = emptyLeg(frame.instrument, rows);
  const offset = frame.time.length === 0 ? 0 : Math.round((frame.time[0]! - start) / HOUR_MS);
  leg.f.set(frame.f, offset);
  leg.kind.set(frame.kind, offset);
  leg.observation.set(frame.observation, offset);
  const isUsd = isInUsd(frame.instrument);
  for (let i = 0; i < frame.time.length; i++) takeRow(leg, offset + i, frame, i, isUsd);
  return leg;
}

/** What follows from row `i` of the instrument's own hours. */
function takeRow(leg: Leg, row: number, hours: HourFrame, i: number, isUsd: boolean): void {
  const { instrument, openInterest, openInterestQuote, index, f } = hours;
  leg.usd[row] = isUsd ? openInterestQuote[i]! : openInterest[i]! * instrument.multiplier;
  leg.index[row] = isUsd ? index[i]! / instrument.multiplier : NaN;
  leg.standing[row] = Number.isNaN(f[i]!) ? LEG_ABSENT : LEG_PRESENT;
}

/** Stablecoins count as USD. */
const isInUsd = ({ money }: FrameInstrument): boolean => usdPar(money) !== null;

const indexes = new GroupValues();

/** Tells what the legs in other money are worth: their coins at the median index of the same coin among the legs that are priced in USD. */
function inUsd<G extends GroupFrame>(group: G): G {
  const { legs, time } = group;
  for (const leg of legs) {
    if (isInUsd(leg.instrument)) continue;
    for (let row = 0; row < time.length; row++) {
      indexes.clear();
      for (const other of legs) if (other.instrument.asset === leg.instrument.asset) indexes.add(other.index, row);
      leg.usd[row] = leg.usd[row]! * indexes.median;
    }
  }
  return group;
}
