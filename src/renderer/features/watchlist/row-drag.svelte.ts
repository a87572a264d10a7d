import type { AppState } from '../../state/app-state.svelte.ts';
import { dropMany, dropPlace } from './lines.ts';
import type { WatchView } from './watch-view.svelte.ts';

/** Rows dragged to another place of the list's own order; the tabs of other lists take them too. */
export class RowDrag {
  /** Line that the row would stand in. */
  dropAt = $state<number | null>(null);
  readonly #app: AppState;
  readonly #view: WatchView;

  constructor(app: AppState, view: WatchView) {
    this.#app = app;
    this.#view = view;
  }

  start(event: DragEvent, id: string): void {
    this.#view.dragged = this.#view.marked.has(id) ? this.#view.chosen : [id];
    event.dataTransfer?.setData('text/plain', this.#view.dragged.join('\n'));
  }

  over(event: DragEvent): void {
    const { scroller, lines, rowHeight, dragged, manualOrder } = this.#view;
    if (dragged.length === 0 || !scroller || !manualOrder) return;
    event.preventDefault();
    const y = event.clientY - scroller.getBoundingClientRect().top + scroller.scrollTop;
    this.dropAt = Math.max(0, Math.min(lines.length, Math.round(y / rowHeight)));
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    const { list, lines, dragged } = this.#view;
    const [first] = dragged;
    if (this.dropAt !== null && list && first !== undefined) {
      const { to, section } = dropPlace(list, lines, first, this.dropAt);
      if (dragged.length === 1) void this.#app.move(list.id, first, to, section);
      else void this.#app.arrange([{ list: list.id, groups: dropMany(list, lines, dragged, this.dropAt) }]);
    }
    this.end();
  }

  end(): void {
    this.#view.dragged = [];
    this.dropAt = null;
  }
}
