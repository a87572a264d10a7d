import type { LocalKey } from '../../panels/keys.ts';
import type { WatchView } from './watch-view.svelte.ts';

/** Of the register of panels, and the parts that the focus may be put into. */
export const WATCHLIST = 'watchlist';
export const FILTER = 'filter';
export const CELL = 'cell';

/** What the keys of the list act on. */
export interface KeyedList {
  readonly view: WatchView;
  /** Where the value of the chosen cell comes from. */
  explain(): void;
  /** Goes to the chart of the selected row. */
  open(): void;
  menu(): void;
}

const up = (key: string): number => (key.endsWith('ArrowUp') || key === 'PageUp' ? -1 : 1);

export const watchlistKeys: readonly LocalKey<KeyedList>[] = [
  {
    keys: ['ArrowUp', 'ArrowDown'],
    does: 'Select a row',
    run: ({ view }, key) => view.pick(Math.max(0, view.indexOf(view.selected) + up(key))),
  },
  { keys: ['ArrowLeft', 'ArrowRight'], does: 'Choose a cell', run: ({ view }, key) => view.pickColumn(key === 'ArrowLeft' ? -1 : 1) },
  { keys: ['e'], does: 'Where the value comes from', run: (list) => list.explain() },
  { keys: ['Home', 'End'], does: 'First or last row', run: ({ view }, key) => view.pick(key === 'Home' ? 0 : view.shown.length - 1) },
  {
    keys: ['PageUp', 'PageDown'],
    does: 'A page up or down',
    run: ({ view }, key) => view.pick(view.indexOf(view.selected) + up(key) * view.pageRows()),
  },
  { keys: ['Enter'], does: 'Go to the chart', run: (list) => list.open() },
  {
    keys: ['Alt+ArrowUp', 'Alt+ArrowDown'],
    does: 'Move the row',
    run: ({ view }, key) => view.selected !== null && view.shift(view.selected, up(key)),
  },
  { keys: [' '], does: 'Mark the row', run: ({ view }) => view.selected !== null && view.toggleMark(view.selected) },
  {
    keys: ['Shift+ArrowUp', 'Shift+ArrowDown'],
    does: 'Mark a stretch',
    run({ view }, key) {
      const before = view.selected;
      if (before !== null) view.markTo(before);
      view.pick(Math.max(0, view.indexOf(before) + up(key)));
      if (view.selected !== null) view.markTo(view.selected);
    },
  },
  { keys: ['Mod+a'], does: 'Mark all', run: ({ view }) => view.markAll() },
  { keys: ['Delete'], does: 'Remove from the list', run: ({ view }) => view.remove(view.chosen) },
  { keys: ['ContextMenu', 'Shift+F10'], does: 'What can be done with the row', run: (list) => list.menu() },
];

/** Of those, the ones that mean the list also where nothing has the focus. */
export const strayKeys: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);
