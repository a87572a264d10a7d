/** The element of a column, NaN outside it: columns say "not known" the same way. */
export const at = (column: Float64Array, i: number): number => column[i] ?? Number.NaN;

/** First index whose time is >= t; the length when there is none. `time` ascends. */
export function lowerBound(time: Float64Array, t: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(time, middle) < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the time nearest to t; -1 for an empty column. */
export function nearest(time: Float64Array, t: number): number {
  const after = lowerBound(time, t);
  if (after === 0) return time.length === 0 ? -1 : 0;
  if (after === time.length) return time.length - 1;
  return at(time, after) - t < t - at(time, after - 1) ? after : after - 1;
}

/**
 * Points [t, v, t, v, ...] of a line over [from, to], at most four per pixel column: first, least, greatest and last,
 * so that a spike survives however far one zooms out. NaN values break the line. One point on each side is kept,
 * so that the line runs on beyond the edges.
 */
export function decimateLine(time: Float64Array, value: Float64Array, from: number, to: number, columns: number): Float64Array {
  const first = Math.max(0, lowerBound(time, from) - 1);
  const end = Math.min(time.length, lowerBound(time, to) + 1);
  const out: number[] = [];
  if (end - first <= columns * 4) {
    for (let i = first; i < end; i += 1) out.push(at(time, i), at(value, i));
    return Float64Array.from(out);
  }
  const width = (to - from) / Math.max(1, columns);
  const columnOf = (i: number): number => Math.floor((at(time, i) - from) / width);
  for (let start = first; start < end;) {
    const stop = endOf(columnOf, start, end);
    let low = -1;
    let high = -1;
    let last = -1;
    let begin = -1;
    let least = Number.NaN;
    let most = Number.NaN;
    for (let i = start; i < stop; i += 1) {
      const v = value[i] ?? Number.NaN;
      if (Number.isNaN(v)) continue;
      last = i;
      if (begin < 0) {
        begin = low = high = i;
        least = most = v;
      } else if (v < least) {
        least = v;
        low = i;
      } else if (v > most) {
        most = v;
        high = i;
      }
    }
    start = stop;
    if (begin < 0) {
      out.push(at(time, stop - 1), Number.NaN);
      continue;
    }
    const [inner, outer] = low < high ? [low, high] : [high, low];
    out.push(at(time, begin), at(value, begin));
    if (inner > begin) out.push(at(time, inner), at(value, inner));
    if (outer > inner) out.push(at(time, outer), at(value, outer));
    if (last > outer) out.push(at(time, last), at(value, last));
  }
  return Float64Array.from(out);
}

/** The first index after `start` that is in another column, at most `end`: columns ascend, and most hold many points. */
function endOf(columnOf: (i: number) => number, start: number, end: number): number {
  const column = columnOf(start);
  let inside = start;
  let step = 1;
  while (inside + step < end && columnOf(inside + step) === column) {
    inside += step;
    step *= 2;
  }
  let outside = Math.min(end, inside + step);
  while (outside - inside > 1) {
    const middle = (inside + outside) >> 1;
    if (columnOf(middle) === column) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** One bar of a pixel column or an hour: [start, end) of its time and its least and greatest value. */
export interface Bins {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Least and greatest value per bar over [from, to]. The value at close t stands for the `stepMs` before it. Bars are the
 * steps themselves, or whole runs of them where more than `columns` would be drawn. Runs start at fixed multiples of
 * their length, so bars do not shimmer while the view moves. NaN values make no bar.
 */
export function binExtremes(time: Float64Array, value: Float64Array, from: number, to: number, columns: number, stepMs: number): Bins {
  const steps = (to - from) / stepMs;
  const run = Math.max(1, Math.ceil(steps / Math.max(1, columns))) * stepMs;
  const start: number[] = [];
  const end: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  const last = Math.min(time.length, lowerBound(time, to + stepMs));
  let open = Number.NaN;
  for (let i = lowerBound(time, from); i < last; i += 1) {
    const v = at(value, i);
    if (Number.isNaN(v)) continue;
    const t = at(time, i);
    const bin = Math.floor((t - stepMs) / run) * run;
    const n = start.length - 1;
    if (bin === open) {
      end[n] = t;
      low[n] = Math.min(low[n] ?? v, v);
      high[n] = Math.max(high[n] ?? v, v);
    } else {
      open = bin;
      start.push(t - stepMs);
      end.push(t);
      low.push(v);
      high.push(v);
    }
  }
  return { start: Float64Array.from(start), end: Float64Array.from(end), low: Float64Array.from(low), high: Float64Array.from(high) };
}

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Stretches [from, to] of closes without a value; each says why, and another reason begins another stretch. */
export function gapsOf(time: Float64Array, reasonAt: (i: number) => string | null, stepMs: number): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 0; i < time.length; i += 1) {
    const label = reasonAt(i);
    if (label === null) continue;
    const from = at(time, i) - stepMs;
    while (i + 1 < time.length && reasonAt(i + 1) === label) i += 1;
    gaps.push({ from, to: at(time, i), label });
  }
  return gaps;
}
