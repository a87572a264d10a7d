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
  readonly popOut: () => void;
}

export function commandsOf(app: AppState, page: PageActions): Command[] {
  const { settings } = app;
  const selected = app.selectedRow;
  const list = app.list;
  const commands: Command[] = [
    { id: 'add', text: 'Add an instrument to this list', keys: '+', run: page.add },
    { id: 'filter', text: 'Filter the watchlist', keys: '/', run: page.filter },
    { id: 'threshold', text: 'Edit the threshold', keys: 't', run: page.threshold },
    { id: 'popout', text: 'Open this chart in its own window', keys: 'o', run: page.popOut },
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
      id: `retry-${venue.id}`,
      text: `Ask ${venue.name} again now`,
      run: () => void app.retryVenue(venue.id),
    })),
  ];
  if (selected && list) {
    commands.push({
      id: 'remove',
      text: `Remove ${selected.instrument.asset} ${app.venueName(selected.instrument.venue)} from ${list.name}`,
      keys: 'Del',
      run: () => void app.remove(list, selected.instrument.id),
    });
  }
  return commands;
}

/** Commands that hold every word of the text. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return commands.filter((command) => words.every((word) => command.text.toLowerCase().includes(word)));
}
