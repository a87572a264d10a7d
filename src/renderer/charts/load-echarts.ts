import type * as Charts from './echarts.ts';

/** Half of the page's code, which no list waits for: it comes with the first chart. */
export const loadEcharts = (): Promise<typeof Charts> => import('./echarts.ts');
