import Columns3 from '@lucide/svelte/icons/columns-3';
import { METRICS } from '#domain/metrics/index.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { MOST_COLUMNS } from './choice.ts';
import ColumnsDialog from './ColumnsDialog.svelte';

/** Of the register of panels; its pages are indexes of the shown columns, or names of metrics. */
export const COLUMNS = 'columns';

export const columns: Panel = {
  id: COLUMNS,
  title: 'Columns',
  says: 'choose metrics for the watchlist',
  icon: Columns3,
  component: ColumnsDialog,
  place: 'dialog',
  key: 'c',
  minSize: { width: 860, height: 480 },
  commands: (host) => [
    ...METRICS.map(({ name, title }) => columnCommand(host, name, title)),
    ...METRICS.map(({ name, title }): Command => ({
      id: `about-${name}`,
      title: `Help: ${title}, what it says and how it is worked out`,
      byName: true,
      run: () => void host.open(COLUMNS, { page: name }),
    })),
  ],
};

/** Puts a metric into the watchlist, or takes it out again. */
function columnCommand({ app }: PanelHost, metric: string, title: string): Command {
  const shown = app.workspace.columns;
  const has = shown.some((column) => column.metric === metric);
  return {
    id: `column-${metric}`,
    title: `${has ? 'Remove column' : 'Column'}: ${title}`,
    run: () => {
      if (has) app.workspace.showColumns(shown.filter((column) => column.metric !== metric));
      else if (shown.length < MOST_COLUMNS) app.workspace.showColumns([...shown, { metric, params: {} }]);
      else app.toasts.show('notice', `${MOST_COLUMNS} columns are the most`, 'Remove one first.');
    },
  };
}
