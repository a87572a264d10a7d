import ChartLine from '@lucide/svelte/icons/chart-line';
import { METRICS } from '#domain/metrics/index.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { rangeAfter, ranges } from '../../state/chart-data.svelte.ts';
import { rangeOf, showPane, showRange } from './charts.ts';
import { CHART, chartKeys, LONGER, PANE, SHORTER } from './keys.ts';
import { LinkedCharts, setLinkedCharts } from './linked-charts.svelte.ts';
import MainChart from './MainChart.svelte';
import { popOutCurrent } from './popout.ts';

export const chart: Panel = {
  id: CHART,
  title: 'Chart',
  says: 'funding and divergence of the selected instrument',
  icon: ChartLine,
  component: MainChart,
  place: 'main',
  several: true,
  linked: true,
  minSize: { width: 560, height: 240 },
  keys: chartKeys,
  popOut: popOutCurrent,
  provide() {
    setLinkedCharts(new LinkedCharts());
  },
  commands(host) {
    // The chart that was looked at last.
    const at = host.currentOf(CHART);
    return [
      { id: 'another-chart', title: 'Another chart, with a link colour of its own', run: () => host.openAnother(CHART) },
      { id: 'pane', title: 'Lower pane: choose what it draws', keys: 'p', run: () => void host.open(CHART, { part: PANE }) },
      ...(['png', 'svg'] as const).map((part): Command => ({
        id: `chart-${part}`,
        title: `Chart: save as ${part.toUpperCase()}`,
        run: () => void host.open(CHART, { part }),
      })),
      { id: 'popout', title: 'Open this chart in its own window', keys: 'o', run: () => void popOutCurrent(host, null) },
      { id: SHORTER, title: 'Range: a shorter one', keys: '[', run: () => showRange(host, at, rangeAfter(rangeOf(host, at), -1)) },
      { id: LONGER, title: 'Range: a longer one', keys: ']', run: () => showRange(host, at, rangeAfter(rangeOf(host, at), 1)) },
      ...ranges.map((range): Command => ({ id: `range-${range}`, title: `Range: ${range}`, run: () => showRange(host, at, range) })),
      { id: 'pane-divergence', title: 'Lower pane: divergence on its band', run: () => showPane(host, at, null) },
      ...METRICS.map(({ name, title }): Command => ({
        id: `pane-${name}`,
        title: `Lower pane: ${title}`,
        run: () => showPane(host, at, { metric: name, params: {} }),
      })),
    ];
  },
};
