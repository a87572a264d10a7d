import type { AppState } from '../../state/app-state.svelte.ts';
import { dropPlace } from './lines.ts';
import type { WatchView } from './watch-view.svelte.ts';

/** Rows dragged to another place of the list's own order. */
export class RowDrag {
  dragged = $state<string | null>(null);
  /** Line that the row would stand in. */
  dropAt = $state<number | null>(null);
  readonly #app: AppState;
  readonly #view: WatchView;

  constructor(app: AppState, view: WatchView) {
    this.#app = app;
    this.#view = view;
  }

  start(event: DragEvent, id: string): void {
    this.dragged = id;
    event.dataTransfer?.setData('text/plain', id);
  }

  over(event: DragEvent): void {
    const { scroller, lines, rowHeight } = this.#view;
    if (this.dragged === null || !scroller) return;
    event.preventDefault();
    const y = event.clientY - scroller.getBoundingClientRect().top + scroller.scrollTop;
    this.dropAt = Math.max(0, Math.min(lines.length, Math.round(y / rowHeight)));
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    const { list, lines } = this.#view;
    if (this.dragged !== null && this.dropAt !== null && list) {
      const { to, section } = dropPlace(list, lines, this.dragged, this.dropAt);
      void this.#app.move(list.id, this.dragged, to, section);
    }
    this.end();
  }

  end(): void {
    this.dragged = null;
    this.dropAt = null;
  }
}
