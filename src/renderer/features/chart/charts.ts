import type { ChartLook } from '#bridge/chart-look.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import { kindOf } from '../../panels/layout.ts';
import type { ChartRange } from '../../state/chart-data.svelte.ts';
import { CHART } from './keys.ts';

/** The first chart's range, pane and look are the window's; every other chart keeps its own where it stands. */

const isFirst = (id: string): boolean => id === CHART;

export const rangeOf = ({ app, dock }: PanelHost, id: string): ChartRange =>
  isFirst(id) ? app.shown.range : (dock.params[id]?.range ?? app.shown.range);

export const paneOf = ({ app, dock }: PanelHost, id: string): MetricChoice | null => {
  const own = isFirst(id) ? undefined : dock.params[id]?.pane;
  return own === undefined ? app.shown.pane : own;
};

/** Charts whose time ranges are linked have one range. */
export function showRange(host: PanelHost, id: string, range: ChartRange): void {
  const { app, dock } = host;
  const linked =
    dock.params[id]?.time === true ? dock.open.filter((one) => kindOf(one) === CHART && dock.params[one]?.time === true) : [id];
  for (const one of linked) {
    if (isFirst(one)) app.show({ range });
    else dock.setParams(one, { ...dock.params[one], range });
  }
}

export function showPane({ app, dock }: PanelHost, id: string, pane: MetricChoice | null): void {
  if (isFirst(id)) app.show({ pane });
  else dock.setParams(id, { ...dock.params[id], pane });
}

export const lookOf = ({ app, dock }: PanelHost, id: string): ChartLook =>
  (isFirst(id) ? undefined : dock.params[id]?.look) ?? app.shown.look;

export function showLook(host: PanelHost, id: string, change: Partial<ChartLook>): void {
  const { app, dock } = host;
  const look = { ...lookOf(host, id), ...change };
  if (isFirst(id)) app.show({ look });
  else dock.setParams(id, { ...dock.params[id], look });
}
