import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { graphic, init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { DOTS, RECTS, traceDots, traceRects } from './painters.ts';

use([CanvasRenderer, SVGRenderer, LineChart, ScatterChart, CustomChart, GridComponent, MarkLineComponent, MarkAreaComponent]);
graphic.registerShape(RECTS, graphic.extendShape({ shape: { rects: [] }, buildPath: traceRects }));
graphic.registerShape(DOTS, graphic.extendShape({ shape: { at: [] }, buildPath: traceDots }));

/** One that no screen shows: of a size, in an element or as SVG text; its caller disposes of it. */
export const drawChart = (
  element: HTMLElement | null,
  size: { readonly width: number; readonly height: number },
  pixelRatio: number,
): ECharts =>
  init(
    element,
    null,
    element === null ? { renderer: 'svg', ssr: true, ...size } : { renderer: 'canvas', devicePixelRatio: pixelRatio, ...size },
  );

/** The only place that makes a chart for the screen; its caller disposes of it (charts/mount-chart.svelte.ts does). */
export const createChart = (element: HTMLElement): ECharts => init(element, null, { renderer: 'canvas' });
