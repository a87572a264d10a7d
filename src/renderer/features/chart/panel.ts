import ChartLine from '@lucide/svelte/icons/chart-line';
import { METRICS } from '#domain/metrics/index.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { rangeAfter, ranges } from '../../state/chart-data.svelte.ts';
import { CHART, chartKeys, LONGER, PANE, SHORTER } from './keys.ts';
import MainChart from './MainChart.svelte';
import { popOutChart } from './popout.ts';

export const chart: Panel = {
  id: CHART,
  title: 'Chart',
  says: 'funding and divergence of the selected instrument',
  icon: ChartLine,
  component: MainChart,
  place: 'main',
  minSize: { width: 560, height: 240 },
  keys: chartKeys,
  commands(host) {
    const { app } = host;
    return [
      { id: 'pane', title: 'Lower pane: choose what it draws', keys: 'p', run: () => void host.open(CHART, { part: PANE }) },
      ...(['png', 'svg'] as const).map((part): Command => ({
        id: `chart-${part}`,
        title: `Chart: save as ${part.toUpperCase()}`,
        run: () => void host.open(CHART, { part }),
      })),
      { id: 'popout', title: 'Open this chart in its own window', keys: 'o', run: () => popOutSelected(host) },
      { id: SHORTER, title: 'Range: a shorter one', keys: '[', run: () => app.show({ range: rangeAfter(app.shown.range, -1) }) },
      { id: LONGER, title: 'Range: a longer one', keys: ']', run: () => app.show({ range: rangeAfter(app.shown.range, 1) }) },
      ...ranges.map((range): Command => ({ id: `range-${range}`, title: `Range: ${range}`, run: () => app.show({ range }) })),
      { id: 'pane-divergence', title: 'Lower pane: divergence on its band', run: () => app.show({ pane: null }) },
      ...METRICS.map(({ name, title }): Command => ({
        id: `pane-${name}`,
        title: `Lower pane: ${title}`,
        run: () => app.show({ pane: { metric: name, params: {} } }),
      })),
    ];
  },
};

function popOutSelected(host: PanelHost): void {
  const { selected } = host.app.shown;
  if (selected !== null) popOutChart(host, selected);
}
