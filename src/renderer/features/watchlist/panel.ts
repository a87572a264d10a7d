import List from '@lucide/svelte/icons/list';
import type { Watchlist as Shown } from '#bridge/settings.ts';
import { groupsOf } from '#domain/sections.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { Command, Panel } from '../../panels/panel.ts';
import { extraWidth } from './columns.ts';
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
      {
        id: 'most-crowded',
        title: 'Most crowded first: order the list by the size of its rates',
        run: () => app.show({ sort: { key: 'rate', descending: true, size: true } }),
      },
      { id: 'own-order', title: 'Own order of the list', run: () => app.show({ sort: null }) },
      { id: 'new-list', title: 'New watchlist', run: () => void app.createList('New list') },
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
              run: () => void app.remove(list, selectedRow.instrument.id),
            },
          ]
        : []),
    ];
  },
};

/** Rows of the list in its own order, with the columns that this window shows. */
function shownTable({ rows, workspace }: AppState, list: Shown): OutTable {
  const shown = list.items.flatMap((id) => rows.get(id) ?? []);
  const headings = new Map(groupsOf(list).flatMap(({ name, items }) => items.map((id) => [id, name ?? ''] as const)));
  const columns = workspace.columns.map((choice, i) => ({ choice, cell: workspace.cellNames[i] ?? '' }));
  return watchTable(list.name, shown, columns, (id) => headings.get(id) ?? '');
}
