import { createContext } from 'svelte';
import type { ImportState, ImportWishes } from '#bridge/import.ts';
import type { ListLook } from '#bridge/lists.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { withAnswer } from './answers.ts';
import { handOver } from './hand-over.ts';

/** Larger files are looked at as tables only. */
const MOST_LIST_BYTES = 200_000;

/** A file on its way into the history; it outlives the panel on the screen. */
export class ImportSession {
  name = $state<string | null>(null);
  /** Of the file that is handed over, 0 to 1; null: all of it is there. */
  sent = $state<number | null>(null);
  state = $state.raw<ImportState | null>(null);
  wishes = $state.raw<ImportWishes>({});
  error = $state<string | null>(null);
  /** What it brings to the lists, where it is a file of lists. */
  lists = $state.raw<ListLook | null>(null);
  /** The list that its entries go into; '': as the file says. */
  into = $state('');
  readonly #app: AppState;
  #text = '';
  #id: string | null = null;

  constructor(app: AppState) {
    this.#app = app;
    app.client.on('import.change', (state) => {
      if (state.id === this.#id) this.state = state;
    });
  }

  get busy(): boolean {
    return this.sent !== null || (this.state !== null && this.state.step !== null);
  }

  /** Takes a file in the place of the one before and looks at it. */
  async choose(file: File): Promise<void> {
    await this.leave();
    this.name = file.name;
    this.sent = 0;
    this.error = await this.#app.attempt(async () => {
      if (await this.#isOfLists(file)) return;
      const id = await handOver(this.#app.client, file, {
        onId: (given) => (this.#id = given),
        onSent: (share) => (this.sent = share),
        isWanted: (given) => this.#id === given,
      });
      if (id === null) return;
      this.sent = null;
      await this.#app.client.call('import.look', { id, wishes: $state.snapshot(this.wishes) });
    });
    this.sent = null;
  }

  /** Whether it is a file of watchlists, which are text and small; then it is looked at as such. */
  async #isOfLists(file: File): Promise<boolean> {
    if (file.size > MOST_LIST_BYTES) return false;
    this.#text = await file.text();
    await this.#lookAtLists(true);
    return this.lists !== null;
  }

  async #lookAtLists(dry: boolean): Promise<void> {
    const { name, into } = this;
    if (name === null) return;
    this.lists = await this.#app.client.call('watchlist.import', { file: name.slice(-260), text: this.#text, name: into, dry });
  }

  /** Names the list that the entries go into, and looks again. */
  async intoList(name: string): Promise<string | null> {
    this.into = name.trim().slice(0, 60);
    this.error = await this.#app.attempt(() => this.#lookAtLists(true));
    return null;
  }

  async takeLists(): Promise<void> {
    this.error = await this.#app.attempt(() => this.#lookAtLists(false));
    const [first] = this.lists?.lists ?? [];
    if (this.error === null && first) this.#app.show({ list: first.id });
  }

  /** Says one thing more of the file, and looks at it again. */
  async answer(field: string, value: string): Promise<string | null> {
    const wishes = withAnswer(this.wishes, field, value);
    if (typeof wishes === 'string') return wishes;
    this.wishes = wishes;
    await this.#ask((id) => this.#app.client.call('import.look', { id, wishes }));
    return null;
  }

  run(dry: boolean): Promise<void> {
    return this.#ask((id) => this.#app.client.call('import.run', { id, wishes: this.wishes, dry }));
  }

  cancel(): Promise<void> {
    return this.sent === null ? this.#ask((id) => this.#app.client.call('import.cancel', { id })) : this.leave();
  }

  /** Lets go of the file; what was said of it is kept for the next one of its kind. */
  async leave(): Promise<void> {
    const id = this.#id;
    this.#id = null;
    this.name = null;
    this.sent = null;
    this.state = null;
    this.lists = null;
    this.into = '';
    this.error = null;
    if (id !== null) this.error = await this.#app.attempt(() => this.#app.client.call('import.drop', { id }));
  }

  async #ask(call: (id: string) => Promise<unknown>): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    this.error = null;
    // One may be cancelled while another is answered: what one says wrong, the other does not take back.
    this.error = (await this.#app.attempt(() => call(id))) ?? this.error;
  }
}

export const [getImport, setImport] = createContext<ImportSession>();
