/** What stretch of time a chart shows, in epoch ms. A live view follows the clock; a moved one stays where it is. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
}

const HOUR_MS = 3_600_000;
export const MIN_SPAN_MS = 6 * HOUR_MS;
/** Room at the right edge for the running point. */
const AHEAD = 0.025;

export const liveView = (spanMs: number, now: number): View => ({ from: now - spanMs, to: now + spanMs * AHEAD, live: true });

/** Of a live view: how far back it goes. */
export const spanOf = ({ from, to }: View): number => (to - from) / (1 + AHEAD);

/** The same view at a later `now`: a live one keeps its span and its distance to the present. */
export function advance(view: View, now: number): View {
  if (!view.live) return view;
  return liveView(spanOf(view), now);
}

/** Zooms by `factor` (< 1 is closer) around the time `anchor`, within [earliest, now]. */
export function zoom(view: View, factor: number, anchor: number, earliest: number, now: number): View {
  const span = view.to - view.from;
  const widest = Math.max(MIN_SPAN_MS, (now - earliest) * (1 + 2 * AHEAD));
  const wanted = Math.min(widest, Math.max(MIN_SPAN_MS, span * factor));
  const share = (anchor - view.from) / span;
  return settle(anchor - wanted * share, wanted, earliest, now, view.live && factor > 0);
}

/** Moves by `byMs` (> 0 is later). */
export const pan = (view: View, byMs: number, earliest: number, now: number): View =>
  settle(view.from + byMs, view.to - view.from, earliest, now, false);

/** Keeps the view inside the data; one whose right edge reaches the present is live again. */
function settle(from: number, span: number, earliest: number, now: number, wasLive: boolean): View {
  const latest = now + (span / (1 + AHEAD)) * AHEAD;
  const first = earliest - span * AHEAD;
  let start = Math.min(from, latest - span);
  if (start < first) start = Math.min(first, latest - span);
  const live = start + span >= latest - span * 0.004 || (wasLive && start + span >= now);
  return live ? liveView(span / (1 + AHEAD), now) : { from: start, to: start + span, live: false };
}

/** Values of an axis: its ends, and the distance of its round ticks. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A distance of round ticks (1, 2, 2.5 or 5 times a power of ten) of which about `wanted` fit into `span`. */
export function niceStep(span: number, wanted: number): number {
  if (!(span > 0)) return 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const unit = raw / power;
  return (unit < 1.4 ? 1 : unit < 2.25 ? 2 : unit < 3.5 ? 2.5 : unit < 7 ? 5 : 10) * power;
}

/** The multiples of the step inside the range. */
export function ticksOf({ min, max, step }: Range): number[] {
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i += 1) ticks.push(i * step + 0);
  return ticks;
}

/** Decimals that tell neighbouring ticks apart. */
export function tickDecimals(step: number): number {
  for (let decimals = 0; decimals < 10; decimals += 1) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return decimals;
  }
  return 10;
}
