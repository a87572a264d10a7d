import type { InstrumentId } from '../../instrument.ts';
import { HOUR_MS } from '../../time.ts';
import { LEG_ABSENT, LEG_EXCLUDED, LEG_PRESENT, LEG_UNCONFIRMED, type GroupFrame, type HourFrame, type Leg } from './frames.ts';

/** Two prices of one coin differ by less than this in ln; other coins under one ticker by far more. */
export const IDENTITY_LIMIT = 0.2;

/** All instruments of one asset; legs whose price is not this coin's do not stand (domain 3.4). */
export function assetFrame(frames: readonly HourFrame[], subject: InstrumentId | null): GroupFrame {
  const group = basketFrame(frames, subject);
  const prices = group.legs.map(() => NaN);
  for (let row = 0; row < group.time.length; row++) {
    frames.forEach((frame, leg) => {
      const at = rowAt(frame, group.time[row]!);
      const price = at < 0 ? NaN : frame.mark[at]! > 0 ? frame.mark[at]! : frame.index[at]!;
      prices[leg] = price / frame.instrument.multiplier;
    });
    checkIdentity(group.legs, prices, row);
  }
  return group;
}

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

function alignedLeg(frame: HourFrame, start: number, rows: number): Leg {
  const { instrument } = frame;
  const offset = frame.time.length === 0 ? 0 : Math.round((frame.time[0]! - start) / HOUR_MS);
  const aligned = (column: Float64Array): Float64Array => {
    const out = new Float64Array(rows).fill(NaN);
    out.set(column, offset);
    return out;
  };
  const f = aligned(frame.f);
  const kind = new Uint8Array(rows);
  kind.set(frame.kind, offset);
  const usd = new Float64Array(rows).fill(NaN);
  const index = new Float64Array(rows).fill(NaN);
  const standing = new Uint8Array(rows);
  for (let i = 0; i < frame.time.length; i++) {
    const row = offset + i;
    // Inverse open interest is in contracts whose size is not recorded: left out rather than guessed.
    if (instrument.contract === 'linear') usd[row] = frame.openInterest[i]! * frame.mark[i]!;
    index[row] = frame.index[i]! / instrument.multiplier;
    standing[row] = Number.isNaN(f[row]!) ? LEG_ABSENT : LEG_PRESENT;
  }
  return { instrument, f, kind, observation: aligned(frame.observation), usd, index, standing };
}

/** Judges one row by the prices of one coin (NaN: not known; such a leg cannot be told from the others and stands). */
function checkIdentity(legs: readonly Leg[], prices: readonly number[], row: number): void {
  const known = prices.filter((price) => price > 0).sort((a, b) => a - b);
  if (known.length < 2) return;
  const middle = known.length >> 1;
  const median = known.length % 2 === 1 ? known[middle]! : (known[middle - 1]! + known[middle]!) / 2;
  const differ = known.length === 2 && Math.log(known[1]! / known[0]!) > IDENTITY_LIMIT;
  legs.forEach((leg, i) => {
    const far = known.length > 2 && Math.abs(Math.log(prices[i]! / median)) > IDENTITY_LIMIT;
    if (!far && !differ) return;
    leg.f[row] = NaN;
    leg.index[row] = NaN;
    leg.standing[row] = far ? LEG_EXCLUDED : LEG_UNCONFIRMED;
  });
}
