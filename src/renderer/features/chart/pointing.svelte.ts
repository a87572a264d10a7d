import { HOUR_MS } from '#domain/time.ts';
import type { Box } from '../../charts/layout.ts';
import type { ChartData } from '../../state/chart-data.svelte.ts';

const DRAG_PX = 4;

/** What a pointer, a wheel or arrow keys do to a chart: read it, move it, zoom it, measure it. */
export class ChartPointing {
  /** The moment that is read. */
  at = $state.raw<number | null>(null);
  /** Where the pointer went down, and whether it has moved so far that it means a drag; `armed`: it was to measure before that. */
  press = $state.raw<{ readonly x: number; readonly moved: boolean; readonly armed: boolean } | null>(null);
  /** The two moments between which is measured. */
  measured = $state.raw<{ readonly from: number; readonly to: number } | null>(null);
  /** The next drag measures; without it one with Shift does. */
  isMeasuring = $state(false);
  wasDrag = false;
  readonly #chart: () => ChartData;
  readonly #box: () => Box;

  constructor(chart: () => ChartData, box: () => Box) {
    this.#chart = chart;
    this.#box = box;
  }

  get #span(): number {
    const { from, to } = this.#chart().view;
    return to - from;
  }

  /** Px from the left edge. */
  readonly xOf = (t: number): number => this.#box().left + ((t - this.#chart().view.from) / this.#span) * this.#box().width;

  /** The nearest moment within the view. */
  #timeAt(x: number): number {
    const { left, width } = this.#box();
    return this.#chart().view.from + ((Math.max(left, Math.min(left + width, x)) - left) / width) * this.#span;
  }

  #isWithin(x: number): boolean {
    const { left, width } = this.#box();
    return x >= left && x <= left + width;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const x = localX(event);
    this.press = { x, moved: false, armed: this.isMeasuring };
    if (!this.isMeasuring && !event.shiftKey) return;
    const t = this.#timeAt(x);
    this.isMeasuring = true;
    this.measured = { from: t, to: t };
  };

  readonly move = (event: PointerEvent): void => {
    const x = localX(event);
    const { press } = this;
    if (!press || (!press.moved && Math.abs(x - press.x) < DRAG_PX)) {
      this.at = this.#isWithin(x) ? this.#timeAt(x) : null;
      return;
    }
    this.press = { ...press, x, moved: true };
    this.at = null;
    if (this.isMeasuring && this.measured) this.measured = { from: this.measured.from, to: this.#timeAt(x) };
    else this.#chart().panBy(((press.x - x) / this.#box().width) * this.#span);
  };

  readonly up = (): void => {
    this.wasDrag = this.press?.moved ?? false;
    // A click takes away what was measured before; a drag has measured.
    if (!this.wasDrag) this.measured = null;
    this.isMeasuring = !this.wasDrag && (this.press?.armed ?? false);
    this.press = null;
  };

  /** The browser took the pointer away. */
  readonly cancel = (): void => {
    this.press = null;
  };

  readonly wheel = (element: HTMLElement): (() => void) => {
    const listener = (event: WheelEvent): void => {
      event.preventDefault();
      const x = event.clientX - element.getBoundingClientRect().left;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        this.#chart().panBy(((event.deltaX || event.deltaY) / this.#box().width) * this.#span);
      } else {
        this.#chart().zoomBy(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 250))), this.#timeAt(x));
      }
      this.at = null;
    };
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  };

  /** Reads so many hours further, by keys; `now` where nothing is read yet. */
  step(hours: number, now: number): void {
    const { from, to } = this.#chart().view;
    const start = this.at ?? Math.min(now, to);
    const hour = this.at === null ? Math.floor(start / HOUR_MS) + (hours < 0 ? 1 : 0) : Math.round(start / HOUR_MS);
    this.at = Math.max(from, Math.min(to, (hour + hours) * HOUR_MS));
    if (this.isMeasuring) this.measured = { from: this.measured?.from ?? start, to: this.at };
  }

  /** From what is read on, or by the next drag; once more: no longer. */
  toggleMeasure(): void {
    if (this.isMeasuring || this.measured) this.endMeasure();
    else {
      this.isMeasuring = true;
      this.measured = this.at === null ? null : { from: this.at, to: this.at };
    }
  }

  endMeasure(): void {
    this.isMeasuring = false;
    this.measured = null;
  }
}

const localX = (event: MouseEvent): number => event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
