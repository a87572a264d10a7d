import type { ECharts, EChartsCoreOption } from 'echarts/core';
import type { Attachment } from 'svelte/attachments';
import { notation } from '../format/notation.ts';
import { loadEcharts } from './load-echarts.ts';

export interface ChartSource {
  /** Grids, axes and series without data: changes with the theme, the size and the unit. */
  structure(): EChartsCoreOption;
  /** Data and axis ranges: merged into the structure, which it never resets. */
  data(): EChartsCoreOption;
  resized(width: number, height: number): void;
}

/** A page that is busy with something else draws its first charts after so long all the same. */
const FIRST_WITHIN_MS = 1000;

const CUT_OFF = 'The connection to the app was cut before charts had come. Load this page again to see them.';

/** Owns one ECharts instance for as long as the element lives. */
export function mountChart(source: ChartSource): Attachment<HTMLElement> {
  return (element) => {
    /** Null: it is not drawn yet, or the element is gone. */
    let chart: ECharts | null = null;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width < 1 || height < 1) return;
      chart?.resize({ width, height });
      source.resized(width, height);
    });
    observer.observe(element);
    // A graphics process that was lost takes the pixels with it; nothing in the model has changed, so ECharts would draw nothing.
    const drawAnew = (): void => {
      chart?.clear();
      chart?.setOption(source.structure());
      chart?.setOption(source.data());
    };
    // Told to the canvas alone: it does not bubble.
    element.addEventListener('contextrestored', drawAnew, true);
    // Drawn in a turn of its own, not in that of everything else that a poll changes, and once for both. No frame is waited for: those
    // of a window that cannot be seen do not come, while the panel may stand in another one.
    let structure: EChartsCoreOption | null = null;
    let data: EChartsCoreOption = {};
    let due: ReturnType<typeof setTimeout> | null = null;
    const draw = (): void => {
      due = null;
      if (chart === null) return;
      if (structure !== null) chart.setOption(structure, { replaceMerge: ['series', 'grid', 'xAxis', 'yAxis'], lazyUpdate: true });
      structure = null;
      chart.setOption(data);
    };
    let isGone = false;
    async function load(): Promise<void> {
      const charts = await loadEcharts().catch((error: unknown) => {
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (isGone) return;
      // A browser does not ask again for a module that it could not have.
      if (charts === null) {
        element.style.padding = 'var(--space-4)';
        element.textContent = CUT_OFF;
        return;
      }
      chart = charts.createChart(element);
      draw();
    }
    // The first drawing takes longest, and what a page is opened for stands beside it: lists and figures come before.
    const idle = requestIdleCallback(() => void load(), { timeout: FIRST_WITHIN_MS });
    // ECharts asks for the texts of its axes while it draws, which nothing follows.
    $effect(() => {
      notation();
      structure = source.structure();
    });
    $effect(() => {
      // A new structure drops nothing of ours, but its series may be new: data always follows it.
      notation();
      source.structure();
      data = source.data();
      due ??= setTimeout(draw);
    });
    return () => {
      isGone = true;
      cancelIdleCallback(idle);
      if (due !== null) clearTimeout(due);
      observer.disconnect();
      element.removeEventListener('contextrestored', drawAnew, true);
      chart?.dispose();
    };
  };
}
