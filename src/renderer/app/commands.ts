import { METRICS } from '#domain/metrics/index.ts';
import { MOST_COLUMNS } from '../features/metrics/choice.ts';
import type { Tab } from '../features/calculators/desk.svelte.ts';
import type { AppState } from '../state/app-state.svelte.ts';
import { ranges } from '../state/chart-data.svelte.ts';
import { unitName } from '../format/numbers.ts';
import { densities, themes, units } from './choices.ts';

export interface Command {
  readonly id: string;
  readonly text: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** What the palette can do that needs the page itself. */
export interface PageActions {
  readonly add: () => void;
  readonly keys: () => void;
  readonly filter: () => void;
  readonly threshold: () => void;
  readonly matrix: () => void;
  readonly alerts: () => void;
  readonly alert: () => void;
  readonly calculate: (tab: Tab) => void;
  readonly pane: () => void;
  readonly columns: () => void;
  readonly explain: () => void;
  readonly popOut: () => void;
  /** Opens the dialog of the venues, at one of them. */
  readonly venues: (venue: string | null) => void;
  readonly storage: () => void;
}

export function commandsOf(app: AppState, page: PageActions): Command[] {
  const { settings } = app;
  const selected = app.selectedRow;
  const list = app.list;
  const commands: Command[] = [
    { id: 'add', text: 'Add an instrument to this list', keys: '+', run: page.add },
    { id: 'filter', text: 'Filter the watchlist', keys: '/', run: page.filter },
    { id: 'threshold', text: 'Edit the threshold', keys: 't', run: page.threshold },
    { id: 'columns', text: 'Columns: choose metrics for the watchlist', keys: 'c', run: page.columns },
    { id: 'pane', text: 'Lower pane: choose what it draws', keys: 'p', run: page.pane },
    { id: 'alert', text: 'New alert on what is shown here', keys: 'a', run: page.alert },
    { id: 'alerts', text: 'Alerts: how they stand and what entered', run: page.alerts },
    { id: 'matrix', text: 'Matrix of assets and venues', keys: 'm', run: page.matrix },
    { id: 'size', text: 'Size: position size from risk', keys: 's', run: () => page.calculate('size') },
    { id: 'liquidation', text: 'Liquidation: estimate the price', keys: 'l', run: () => page.calculate('liquidation') },
    { id: 'funding', text: 'Funding: what a hold costs or brings', keys: 'f', run: () => page.calculate('funding') },
    { id: 'carry', text: 'Carry: cash-and-carry, or one venue against another', keys: 'k', run: () => page.calculate('carry') },
    { id: 'saved', text: 'Scenarios and open positions', keys: 'j', run: () => page.calculate('saved') },
    { id: 'explain', text: 'Explain the value: where it comes from', keys: 'e', run: page.explain },
    { id: 'popout', text: 'Open this chart in its own window', keys: 'o', run: page.popOut },
    { id: 'venues', text: 'Venues: state, address, poll interval, on or off', run: () => page.venues(null) },
    { id: 'storage', text: 'Storage: size, folder, limits of the history', run: page.storage },
    { id: 'keys', text: 'Keyboard shortcuts', keys: '?', run: page.keys },
    { id: 'new-list', text: 'New watchlist', run: () => void app.createList('New list') },
    ...units.map((unit): Command => ({
      id: `unit-${unit}`,
      text: `Unit: ${unitName(unit)}`,
      keys: 'u',
      run: () => void app.change({ unit }),
    })),
    ...ranges.map((range): Command => ({
      id: `range-${range}`,
      text: `Range: ${range}`,
      keys: '[ ]',
      run: () => void app.change({ range }),
    })),
    { id: 'utc', text: 'Zone: UTC', keys: 'z', run: () => void app.change({ zone: 'utc' }) },
    { id: 'local', text: 'Zone: local time', keys: 'z', run: () => void app.change({ zone: 'local' }) },
    ...themes.map(({ value, text }): Command => ({
      id: `theme-${value}`,
      text: `Theme: ${text}`,
      run: () => void app.change({ theme: value }),
    })),
    ...densities.map(({ value, text }): Command => ({
      id: `density-${value}`,
      text: `Density: ${text}`,
      run: () => void app.change({ density: value }),
    })),
    ...(settings?.lists ?? []).map((each): Command => ({
      id: `list-${each.id}`,
      text: `List: ${each.name}`,
      run: () => void app.change({ activeList: each.id }),
    })),
    ...app.health.map((venue): Command => ({
      id: `venue-${venue.id}`,
      text: `Venue: ${venue.name}`,
      run: () => page.venues(venue.id),
    })),
    ...app.health.map((venue): Command => ({
      id: `retry-${venue.id}`,
      text: `Ask ${venue.name} again now`,
      run: () => void app.retryVenue(venue.id),
    })),
  ];
  commands.push(
    { id: 'pane-divergence', text: 'Lower pane: divergence on its band', run: () => void app.change({ pane: null }) },
    ...METRICS.map(({ name, title }): Command => ({
      id: `pane-${name}`,
      text: `Lower pane: ${title}`,
      run: () => void app.change({ pane: { metric: name, params: {} } }),
    })),
    ...METRICS.map(({ name, title }) => columnCommand(app, name, title)),
  );
  if (selected && list) {
    commands.push({
      id: 'remove',
      text: `Remove ${app.nameOf(selected.instrument.id)} from ${list.name}`,
      keys: 'Del',
      run: () => void app.remove(list, selected.instrument.id),
    });
  }
  return commands;
}

/** Puts a metric into the watchlist, or takes it out again. */
function columnCommand(app: AppState, metric: string, title: string): Command {
  const columns = app.settings?.columns ?? [];
  const has = columns.some((column) => column.metric === metric);
  return {
    id: `column-${metric}`,
    text: `${has ? 'Remove column' : 'Column'}: ${title}`,
    run: () => {
      if (has) void app.change({ columns: columns.filter((column) => column.metric !== metric) });
      else if (columns.length < MOST_COLUMNS) void app.change({ columns: [...columns, { metric, params: {} }] });
      else app.toasts.show('notice', `${MOST_COLUMNS} columns are the most`, 'Remove one first.');
    },
  };
}

/** Commands that hold every word of the text. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return commands.filter((command) => words.every((word) => command.text.toLowerCase().includes(word)));
}
