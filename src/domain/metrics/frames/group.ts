import type { InstrumentId } from '../../instrument.ts';
import { Identity } from './identity.ts';
import { LEG_ABSENT, LEG_PRESENT, type FrameInstrument, type GroupFrame, type HourFrame, type Leg } from './frames.ts';
import { HOUR_MS } from '../../time.ts';

/** All instruments of one asset; legs whose price is not this coin's do not stand (domain 3.4). */
export function assetFrame(frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame {
  const group = basketFrame(frames, subject);
  const prices = group.legs.map(() => NaN);
  const identity = new Identity();
  for (let row = 0; row < group.time.length; row++) {
    const t = group.time[row]!;
    for (let leg = 0; leg < frames.length; leg++) prices[leg] = coinPrice(frames[leg]!, rowAt(frames[leg]!, t));
    identity.judge(group.legs, prices, row, t);
  }
  return group;
}

/** Price of one coin; NaN where it is not known. */
function coinPrice({ mark, index, instrument }: HourFrame, row: number): number {
  if (row < 0) return NaN;
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
    takeRow(leg, 0, hours, row);
    this.#legs[number] = leg;
    this.#prices[number] = coinPrice(hours, row);
  }

  /** As assetFrame (`identity` of these legs) or basketFrame (null) make it of these hours at one time; whose row it is may be set. */
  end(identity: Identity | null): Refilled<GroupFrame> {
    // Arrays that are cut lose their room; nearly always they have as many as the group before.
    if (this.#legs.length !== this.#count) this.#legs.length = this.#prices.length = this.#count;
    identity?.judge(this.#legs, this.#prices, 0, this.#frame.time[0]!);
    return this.#frame;
  }
}

type Refilled<F> = { -readonly [K in keyof F]: F[K] };

/** Any list of instruments over the hours that any of them has. */
export function basketFrame(frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame {
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
  for (let i = 0; i < frame.time.length; i++) takeRow(leg, offset + i, frame, i);
  return leg;
}

/** What follows from row `i` of the instrument's own hours. */
function takeRow(leg: Leg, row: number, { instrument, openInterest, mark, index, f }: HourFrame, i: number): void {
  // Inverse open interest is in contracts whose size is not recorded: left out rather than guessed.
  leg.usd[row] = instrument.contract === 'linear' ? openInterest[i]! * mark[i]! : NaN;
  leg.index[row] = index[i]! / instrument.multiplier;
  leg.standing[row] = Number.isNaN(f[i]!) ? LEG_ABSENT : LEG_PRESENT;
}
