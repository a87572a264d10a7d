import List from '@lucide/svelte/icons/list';
import type { MetricChoice, Watchlist as Shown } from '#bridge/settings.ts';
import { EVERYTHING, MOST_COLUMNS } from '#bridge/workspace.ts';
import { choiceKey } from '../metrics/choice.ts';
import { groupsOf } from '#domain/sections.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { extraWidth } from './columns.ts';
import { removeAll } from './edits.ts';
import { type OutTable, outCommands } from '../exports/out.ts';
import { watchTable } from '../exports/tables.ts';
import { CELL, FILTER, WATCHLIST, watchlistKeys } from './keys.ts';
import Watchlist from './Watchlist.svelte';

export const watchlist: Panel = {
  id: WATCHLIST,
  title: 'Watchlist',
  says: 'the instruments of a list, their funding and signals',
  icon: List,
  component: Watchlist,
  place: 'left',
  linked: true,
  minSize: { width: 560, height: 240 },
  extraWidth: ({ app }) => extraWidth(app.workspace.columns),
  keys: watchlistKeys,
  commands(host) {
    const { app } = host;
    const { list, selectedRow } = app;
    return [
      { id: 'filter', title: 'Filter the watchlist', keys: '/', run: () => host.focus(WATCHLIST, FILTER) },
      { id: 'explain', title: 'Explain the value: where it comes from', keys: 'e', run: () => host.focus(WATCHLIST, CELL) },
      ...(list === null ? [] : outCommands(host, 'watchlist', 'Watchlist', () => shownTable(app, list))),
      ...SCANS.map(({ id, title, key, size }): Command => ({
        id,
        title,
        run: () => scanBy(app, key, size),
      })),
      {
        id: 'crowded-first',
        title: 'Crowded first: order the list by the size of its rates',
        run: () => app.show({ sort: { key: 'rate', descending: true, size: true }, thenBy: [] }),
      },
      { id: 'own-order', title: 'Own order of the list', run: () => app.show({ sort: null, thenBy: [] }) },
      ...(['asset', 'venue'] as const).map((groupBy): Command => ({
        id: `group-${groupBy}`,
        title: app.shown.groupBy === groupBy ? `No groups by ${groupBy}` : `Group the watchlist by ${groupBy}`,
        run: () => app.show({ groupBy: app.shown.groupBy === groupBy ? null : groupBy }),
      })),
      { id: 'new-list', title: 'New watchlist', run: () => void app.createList('New list') },
      { id: 'list-everything', title: 'List: Everything', run: () => app.show({ list: EVERYTHING }) },
      ...(app.settings?.lists ?? []).map(({ id, name }): Command => ({
        id: `list-${id}`,
        title: `List: ${name}`,
        run: () => app.show({ list: id }),
      })),
      ...(selectedRow && list
        ? [
            {
              id: 'remove',
              title: `Remove ${app.nameOf(selectedRow.instrument.id)} from ${list.name}`,
              run: () => void removeAll(app, list, [selectedRow.instrument.id]),
            },
          ]
        : []),
    ];
  },
};

/** Everything that is listed, by one figure. */
const SCANS: readonly {
  readonly id: string;
  readonly title: string;
  readonly key: 'rate' | 'd' | 'volume' | MetricChoice;
  readonly size: boolean;
}[] = [
  { id: 'most-crowded', title: 'Most crowded: everything by the size of its funding', key: 'rate', size: true },
  { id: 'scan-d', title: 'Scan: everything by the size of its divergence D', key: 'd', size: true },
  {
    id: 'scan-percentile',
    title: 'Scan: everything by the percentile of its funding',
    key: { metric: 'funding-rank', params: {} },
    size: false,
  },
  { id: 'scan-price', title: 'Scan: everything by its change of price', key: { metric: 'price-change', params: {} }, size: true },
  {
    id: 'scan-interest-change',
    title: 'Scan: everything by its change of open interest',
    key: { metric: 'open-interest-change', params: {} },
    size: true,
  },
  { id: 'scan-interest', title: 'Scan: everything by its open interest', key: { metric: 'open-interest', params: {} }, size: false },
  { id: 'scan-volume', title: 'Scan: everything by its volume', key: 'volume', size: false },
];

/** Shows it, with the column that it orders by. */
function scanBy(app: AppState, key: (typeof SCANS)[number]['key'], size: boolean): void {
  app.show({ list: EVERYTHING });
  const { columns } = app.workspace;
  const isShown = (choice: MetricChoice): boolean => columns.some((one) => choiceKey(one) === choiceKey(choice));
  if (typeof key !== 'string' && !isShown(key)) app.workspace.showColumns([...columns.slice(0, MOST_COLUMNS - 1), key]);
  app.show({
    sort: { key: typeof key === 'string' ? key : `metric ${choiceKey(key)}`, descending: true, ...(size && { size: true as const }) },
  });
}

/** Rows of the list in its own order, with the columns that this window shows. */
function shownTable({ rows, workspace }: AppState, list: Shown): OutTable {
  const shown = list.items.flatMap((id) => rows.get(id) ?? []);
  const headings = new Map(groupsOf(list).flatMap(({ name, items }) => items.map((id) => [id, name ?? ''] as const)));
  const columns = workspace.columns.map((choice, i) => ({ choice, cell: workspace.cellNames[i] ?? '' }));
  return watchTable(list.name, shown, columns, (id) => headings.get(id) ?? '');
}
