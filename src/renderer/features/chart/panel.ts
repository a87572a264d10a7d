import ChartLine from '@lucide/svelte/icons/chart-line';
import { MARKS } from '#bridge/chart-look.ts';
import { METRICS } from '#domain/metrics/index.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { rangeAfter, ranges } from '../../state/chart-data.svelte.ts';
import { lookOf, rangeOf, showLook, showPane, showRange } from './charts.ts';
import { CHART, chartKeys, LONGER, MORE, PANE, SHORTER } from './keys.ts';
import { LinkedCharts, setLinkedCharts } from './linked-charts.svelte.ts';
import MainChart from './MainChart.svelte';
import { MARK_NAMES } from './marks.ts';
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
      { id: 'more-pane', title: 'Chart: add a metric below', run: () => void host.open(CHART, { part: MORE }) },
      ...lookCommands(host, at),
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

/** What the chart shows, each on or off. */
function lookCommands(host: PanelHost, at: string): Command[] {
  const { price, spread, hidden } = lookOf(host, at);
  const verb = (isShown: boolean): string => (isShown ? 'hide' : 'show');
  return [
    { id: 'chart-price', title: `Chart: ${verb(price)} the price pane`, run: () => showLook(host, at, { price: !price }) },
    { id: 'chart-spread', title: `Chart: ${verb(spread)} spreads to compared venues`, run: () => showLook(host, at, { spread: !spread }) },
    ...MARKS.map((mark): Command => {
      const isHidden = hidden.includes(mark);
      return {
        id: `chart-mark-${mark}`,
        title: `Chart: ${verb(!isHidden)} ${MARK_NAMES[mark].toLowerCase()}`,
        run: () => showLook(host, at, { hidden: isHidden ? hidden.filter((one) => one !== mark) : [...hidden, mark] }),
      };
    }),
  ];
}
