import type { LocalKey } from '../../panels/keys.ts';

/** Of the register of panels, and its parts in which the metric of the lower pane, or of one more, is chosen. */
export const CHART = 'chart';
export const PANE = 'pane';
export const MORE = 'more';
/** Commands that a chart in a window of its own does by itself. */
export const SHORTER = 'shorter';
export const LONGER = 'longer';

/** What the keys of a chart act on. */
export interface KeyedChart {
  /** Moves what is read by hours. */
  read(hours: number): void;
  /** Moves the view by a share of itself. */
  pan(share: number): void;
  zoom(factor: number): void;
  reset(): void;
  /** From what is read on, or by the next drag; once more: no longer. */
  measure(): void;
  explain(): void;
  /** Shuts what is explained, else leaves the chart. */
  leave(): void;
}

export const chartKeys: readonly LocalKey<KeyedChart>[] = [
  { keys: ['ArrowLeft', 'ArrowRight'], does: 'Read hour by hour', run: (chart, key) => chart.read(key === 'ArrowLeft' ? -1 : 1) },
  {
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'],
    does: 'Move in time',
    run: (chart, key) => chart.pan(key === 'Shift+ArrowLeft' ? -0.2 : 0.2),
  },
  { keys: ['+', '-'], does: 'Zoom', run: (chart, key) => chart.zoom(key === '+' ? 0.7 : 1 / 0.7) },
  // The sign beside it on a keyboard without a number pad, and the true minus sign.
  { keys: ['=', '\u2212'], does: null, run: (chart, key) => chart.zoom(key === '=' ? 0.7 : 1 / 0.7) },
  { keys: ['e'], does: 'Where the value comes from', run: (chart) => chart.explain() },
  { keys: ['Enter'], does: null, run: (chart) => chart.explain() },
  { keys: ['m'], does: 'Measure: drag, or move what is read', run: (chart) => chart.measure() },
  { keys: ['0'], does: 'Reset zoom, follow now', run: (chart) => chart.reset() },
  { keys: ['Escape'], does: 'Back to the watchlist', run: (chart) => chart.leave() },
];
