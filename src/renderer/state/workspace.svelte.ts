import type { Client } from '#bridge/client.ts';
import { columnsOfList, defaultWorkspace, EVERYTHING, MOST_OWN_COLUMNS, type View, type Workspace } from '#bridge/workspace.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { MetricChoice } from '#bridge/settings.ts';

/** A held arrow key selects thirty rows a second, and an edge that is dragged moves as often; they are kept together. Everything else is kept at once. */
const KEEP_MS = 300;
const OFTEN: ReadonlySet<string> = new Set<keyof Workspace>(['selected', 'links', 'layout']);

export interface WorkspaceSources {
  readonly client: Client;
  /** The id of the list that is shown; null: none. */
  list(): string | null;
  /** Ids of all lists. */
  lists(): readonly string[];
  /** The app follows everything that is listed from now on, or (false) no longer. */
  scanning(isScan: boolean): void;
  tell(error: unknown): void;
}

/** A metric over a basket compares within a list; of every other one the list says nothing. */
export const basketOf = (choice: MetricChoice, list: string | null): string | null =>
  findMetric(choice.metric)?.on === 'basket' ? list : null;

/** What this window shows: kept by the app under the window's name, and told to it so that it follows what is looked at. */
export class WorkspaceState {
  shown = $state.raw<Workspace>(defaultWorkspace);
  isLoaded = $state(false);
  /** Times that what is shown came from the app. */
  loads = $state(0);
  /** The view that the app follows, and under which names rows hold the cells of its columns. */
  #followed = $state.raw<{ readonly view: View; readonly names: readonly string[] } | null>(null);
  readonly #sources: WorkspaceSources;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the person chose before what was kept had come. */
  #early: Partial<Workspace> = {};
  /** What is shown is still to be kept; where the app did not answer, once it does again. */
  #isUnkept = false;
  #isKeeping = false;
  #isAsking = false;
  /** Times that the view was to be told. */
  #wanted = 0;

  constructor(sources: WorkspaceSources) {
    this.#sources = sources;
  }

  /** Columns of the list that is shown. */
  readonly columns = $derived.by(() => columnsOfList(this.shown, this.#sources.list()));

  /** Names of the cells of the shown columns, in their order; '' while the app has not named one yet. */
  readonly cellNames = $derived.by((): readonly string[] => {
    const list = this.#sources.list();
    const known = new Map<string, string>();
    for (const [i, choice] of (this.#followed?.view.columns ?? []).entries()) {
      known.set(cellKey(choice, this.#followed?.view.list ?? null), this.#followed?.names[i] ?? '');
    }
    return this.columns.map((choice) => known.get(cellKey(choice, list)) ?? '');
  });

  /** What the app kept of this window; null: that is known already. */
  async kept(): Promise<Workspace | null> {
    return this.isLoaded ? null : this.#sources.client.call('workspace.get', {});
  }

  /** The app answers, for the first time or again. */
  async begin(kept: Workspace | null): Promise<void> {
    if (kept !== null) this.#take(kept);
    else if (this.#isUnkept) this.#keep();
    await this.follow();
  }

  /** The app was given another one for this window: a setup was taken. */
  async take(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isUnkept = false;
    this.shown = await this.#sources.client.call('workspace.get', {});
    this.isLoaded = true;
    this.loads += 1;
    await this.follow();
  }

  #take(kept: Workspace): void {
    // Another load was quicker: what was chosen since then stands.
    if (this.isLoaded) return;
    const { panels = [], pages, listColumns, ...early } = this.#early;
    this.shown = {
      ...kept,
      ...early,
      panels: [...kept.panels.filter((id) => !panels.includes(id)), ...panels],
      pages: { ...kept.pages, ...pages },
      listColumns: { ...kept.listColumns, ...listColumns },
    };
    this.isLoaded = true;
    this.loads += 1;
    if (Object.keys(this.#early).length > 0) this.#keep();
  }

  show(change: Partial<Workspace>): void {
    this.shown = { ...this.shown, ...change };
    if (!this.isLoaded) {
      this.#early = { ...this.#early, ...change };
      return;
    }
    if (Object.keys(change).every((field) => OFTEN.has(field))) this.#timer ??= setTimeout(() => this.#keep(), KEEP_MS);
    else this.#keep();
    void this.follow();
  }

  /** The list that is shown has these columns from now on, and no other list; where none is shown all have. */
  showColumns(columns: Workspace['columns']): void {
    const list = this.#sources.list();
    if (list === null) {
      this.show({ columns });
      return;
    }
    const lists = this.#sources.lists();
    const others = Object.entries(this.shown.listColumns).filter(([id]) => id !== list && (id === EVERYTHING || lists.includes(id)));
    this.show({ listColumns: Object.fromEntries([...others.slice(1 - MOST_OWN_COLUMNS), [list, columns]]) });
  }

  /** Every list, those to come too, has the columns of the one that is shown. */
  showColumnsEverywhere(): void {
    this.show({ columns: [...this.columns], listColumns: {} });
  }

  /** Says what the window looks at. One answer is waited for at a time; what changed meanwhile is said after it. */
  async follow(): Promise<void> {
    this.#wanted += 1;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let told = 0; told !== this.#wanted;) {
        told = this.#wanted;
        const { selected, links } = this.shown;
        const linked = [...new Set(Object.values(links))].filter((id) => id !== selected);
        const view: View = { selected, list: this.#sources.list(), columns: [...this.columns], ...(linked.length > 0 && { linked }) };
        const { columns: names } = await this.#sources.client.call('view.follow', view);
        const [was, is] = [this.#followed?.view.list === EVERYTHING, view.list === EVERYTHING];
        this.#followed = { view, names };
        if (was !== is) this.#sources.scanning(is);
      }
    } catch (error) {
      this.#sources.tell(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** The window closes or is loaded again. */
  leave(): void {
    // The window waits for no answer any more.
    if (this.#timer !== undefined || this.#isUnkept) this.#send().catch(() => undefined);
    if (this.isLoaded) void this.#sources.client.call('view.leave', {}).catch(() => undefined);
  }

  /** One is kept at a time, or an older one could come in after a newer one; what changed meanwhile is kept after it. */
  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isUnkept = true;
    if (!this.#isKeeping) void this.#keepOn();
  }

  async #keepOn(): Promise<void> {
    this.#isKeeping = true;
    try {
      while (this.#isUnkept) await this.#send();
    } catch (error) {
      this.#isUnkept = true;
      this.#sources.tell(error);
    } finally {
      this.#isKeeping = false;
    }
  }

  #send(): Promise<unknown> {
    this.#isUnkept = false;
    return this.#sources.client.call('workspace.keep', this.shown);
  }
}

const cellKey = (choice: MetricChoice, list: string | null): string => JSON.stringify([choice, basketOf(choice, list)]);
