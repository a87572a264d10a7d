import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([CanvasRenderer, LineChart, ScatterChart, CustomChart, GridComponent, MarkLineComponent, MarkAreaComponent]);

/** The only place that makes a chart; its caller disposes of it (charts/mount-chart.svelte.ts does). */
export const createChart = (element: HTMLElement): ECharts => init(element, null, { renderer: 'canvas' });
