import { tick } from 'svelte';
import type { AppState } from '../state/app-state.svelte.ts';
import type { PageTheme } from '../state/page-theme.svelte.ts';
import type { Command, Panel, PanelInstance } from './panel.ts';

/** Which panels of the register stand on this page and where; what of it belongs to the window is kept in its workspace. */
export class PanelHost {
  readonly app: AppState;
  readonly pageTheme: PageTheme;
  /** Command stands where others have Ctrl. */
  readonly isMac: boolean;
  readonly panels: readonly Panel[];
  /** The terminal's own page, where panels are opened. */
  readonly page: Document;
  /** Over the page; a dialog ends with the page that opened it. */
  dialog = $state.raw<{ readonly panel: Panel; readonly page: string | null } | null>(null);
  /** Px of the part of the page that is not the left panel's. */
  room = $state(0);
  /** The threshold per hour that is being typed, for charts to draw. */
  draftTheta = $state<number | null>(null);
  /** A moment of an instrument that a panel asked the chart to show; the chart takes it. */
  lookAt = $state.raw<{ readonly instrument: string; readonly at: number } | null>(null);
  hasPalette = $state(false);
  readonly #pageCommands: (host: PanelHost) => readonly Command[];
  readonly #instances = new Map<string, PanelInstance>();

  /** `pageCommands`: what can be done that is no single panel's. */
  constructor(
    app: AppState,
    pageTheme: PageTheme,
    page: Document,
    panels: readonly Panel[],
    pageCommands: (host: PanelHost) => readonly Command[],
  ) {
    this.page = page;
    this.isMac = page.defaultView?.navigator.userAgent.includes('Mac') ?? false;
    this.app = app;
    this.pageTheme = pageTheme;
    this.panels = panels;
    this.#pageCommands = pageCommands;
  }

  readonly #below = $derived.by(() => this.panels.filter(({ place }) => place === 'below'));
  /** Ids of this version's panels that stand open, the one opened last in front. */
  readonly #opened = $derived.by(() => {
    const open = this.app.shown.panels.toReversed();
    return open.flatMap((id) => this.panels.find((panel) => panel.id === id) ?? []);
  });
  readonly left = $derived.by(() => this.#first('left'));
  readonly main = $derived.by(() => this.#first('main'));
  readonly beside = $derived.by(() => this.#opened.find(({ place }) => place === 'beside') ?? null);
  /** There is room for the main panel and the one beside it; else that stands in its place. */
  readonly isWide = $derived.by(() => this.room >= (this.main?.minSize.width ?? 0) + (this.beside?.minSize.width ?? 0));
  readonly isMainCovered = $derived(this.beside !== null && !this.isWide);
  readonly #front = $derived.by(() => this.#opened.find(({ place }) => place === 'below') ?? this.#below[0] ?? null);
  /** The panels that stand below the main one, from left to right. */
  readonly below = $derived.by((): readonly Panel[] => {
    const front = this.#front;
    if (front === null) return [];
    const stays = this.#below.find((panel) => panel.stays);
    const partner =
      front === stays
        ? (this.#opened.find(({ place, id }) => place === 'below' && id !== stays.id) ?? this.#below.find((panel) => panel !== stays))
        : front;
    const room = this.room - (this.beside && this.isWide ? this.beside.minSize.width : 0);
    const both = stays !== undefined && partner !== undefined && room >= stays.minSize.width + partner.minSize.width;
    return both ? [stays, partner] : [front];
  });
  /** Those that are asked for by name: all below, but one that stands anyway, and all that may stand beside. */
  readonly named = $derived.by(() =>
    this.panels.filter(
      (panel) => panel.place === 'beside' || (panel.place === 'below' && !(panel.stays === true && this.below.length > 1)),
    ),
  );

  /** Everything that can be done now: what is a panel's own first, so that its name opens it. */
  commands(): Command[] {
    const ofPanels = this.panels.flatMap((panel) => [...this.#opener(panel), ...(panel.commands?.(this) ?? [])]);
    return [...ofPanels, ...this.#pageCommands(this)].filter((command) => command.when?.() ?? true);
  }

  #opener({ id, title, says, place, key, isInner }: Panel): Command[] {
    if (place === 'left' || place === 'main' || isInner === true) return [];
    return [{ id: `open ${id}`, title: `${title}: ${says}`, ...(key === undefined ? {} : { keys: key }), run: () => void this.open(id) }];
  }

  togglePalette(): void {
    this.hasPalette = !this.hasPalette;
    this.#comeForward();
  }

  pageOf(id: string): string | null {
    return this.app.shown.pages[id] ?? null;
  }

  showPage(id: string, page: string): void {
    this.app.show({ pages: { ...this.app.shown.pages, [id]: page } });
  }

  isOpen(id: string): boolean {
    return this.#opened.some((panel) => panel.id === id);
  }

  /** Opens a panel, at a page of it, and puts the focus into it or into a part of it. */
  async open(id: string, { page, part }: { readonly page?: string | null; readonly part?: string } = {}): Promise<void> {
    const panel = this.#get(id);
    this.#comeForward();
    if (panel.place === 'dialog') {
      this.dialog = { panel, page: page ?? null };
      return;
    }
    if (page !== undefined && page !== null) this.showPage(id, page);
    this.bringForward(id);
    await tick();
    this.#instances.get(id)?.focus?.(part);
  }

  /** Puts a panel in front, and the focus nowhere. */
  bringForward(id: string): void {
    const { place } = this.#get(id);
    const covering = this.isMainCovered && (place === 'main' || place === 'below') ? this.beside?.id : undefined;
    const open = this.app.shown.panels.filter((other) => other !== id && other !== covering);
    this.app.show({ panels: place === 'below' || place === 'beside' ? [...open, id] : open });
  }

  /** As `open`; but where it stands open at that page already, it is closed. */
  toggle(id: string, page: string): void {
    if (this.isOpen(id) && this.pageOf(id) === page) this.close(id);
    else void this.open(id, { page });
  }

  /** Shows an instrument's chart around a moment. */
  showMoment(instrument: string, at: number): void {
    this.app.select(instrument);
    this.lookAt = { instrument, at };
  }

  /** Closes a panel; the focus goes to the left one. */
  close(id: string): void {
    if (this.dialog?.panel.id === id) {
      this.dialog = null;
      return;
    }
    this.app.show({ panels: this.app.shown.panels.filter((other) => other !== id) });
    this.focus(this.left?.id ?? '');
  }

  /** Closes the panel beside the main one; false where there is none. */
  leave(): boolean {
    const { beside } = this;
    if (beside) this.close(beside.id);
    return beside !== null;
  }

  focus(id: string, part?: string): void {
    this.#comeForward();
    this.#instances.get(id)?.focus?.(part);
  }

  /** A key that was pressed where nothing has the focus. */
  strayKey(event: KeyboardEvent): void {
    this.#instances.get(this.left?.id ?? '')?.strayKey?.(event);
  }

  /** The panel stands on the page from now on; returns the end of that. */
  stands(id: string, instance: PanelInstance): () => void {
    this.#instances.set(id, instance);
    return () => {
      if (this.#instances.get(id) === instance) this.#instances.delete(id);
    };
  }

  /** What was asked for from a window of a panel's own stands on the terminal's page. */
  #comeForward(): void {
    if (!this.page.hasFocus()) this.page.defaultView?.focus();
  }

  #first(place: Panel['place']): Panel | null {
    return this.panels.find((panel) => panel.place === place) ?? null;
  }

  #get(id: string): Panel {
    const found = this.panels.find((panel) => panel.id === id);
    if (!found) throw new Error(`There is no panel ${id}.`);
    return found;
  }
}
