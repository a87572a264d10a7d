import { tick } from 'svelte';
import { type DockLayout, type Link, LINKS, type OwnWindow, type PanelParams } from '#bridge/layout.ts';
import { MOST_WINDOWS } from '#bridge/workspace.ts';
import type { AppState } from '../state/app-state.svelte.ts';
import type { PageTheme } from '../state/page-theme.svelte.ts';
import { type Berth, Dock } from './dock.svelte.ts';
import { defaultLayout, freeLinks, isAlike, isSameShape, kindOf, knownOnly, leftWidth, nextId, type Size, sizesOf } from './layout.ts';
import { standing } from './open-window.ts';
import type { Command, Panel, PanelInstance } from './panel.ts';
import { popOut } from './popout.ts';

/** Which panels of the register stand on this page and where; what of it belongs to the window is kept in its workspace. */
export class PanelHost {
  readonly app: AppState;
  readonly pageTheme: PageTheme;
  /** Command stands where others have Ctrl. */
  readonly isMac: boolean;
  readonly panels: readonly Panel[];
  /** The terminal's own page, where panels are opened. */
  readonly page: Document;
  readonly dock: Dock;
  /** Over the page; a dialog ends with the page that opened it. */
  dialog = $state.raw<{ readonly panel: Panel; readonly page: string | null } | null>(null);
  /** The threshold per hour that is being typed, for charts to draw. */
  draftTheta = $state<number | null>(null);
  /** A moment of an instrument that a panel asked the chart to show; the chart takes it. */
  lookAt = $state.raw<{ readonly instrument: string; readonly at: number } | null>(null);
  /** Windows that stood open at the last end, and were not asked for yet. */
  offered = $state.raw<readonly OwnWindow[]>([]);
  hasPalette = $state(false);
  readonly #pageCommands: (host: PanelHost) => readonly Command[];
  readonly #instances = new Map<string, PanelInstance>();
  /** Of the panels that stand several times the one looked at last is at the end. */
  #recent: readonly string[] = [];
  /** What the layout was when it was shown, or kept. */
  #stands: DockLayout | null = null;
  /** Panels that were opened before what this window kept had come. */
  #early: string[] = [];
  #isArranging = false;
  #extra = 0;

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
    this.dock = new Dock(panels);
    this.dock.onchange = () => this.#changed();
  }

  readonly left = $derived.by(() => this.#first('left'));
  readonly main = $derived.by(() => this.#first('main'));
  /** Those that can be docked. */
  readonly dockable = $derived.by((): readonly Panel[] => this.panels.filter(({ place }) => place !== 'dialog'));

  /** Everything that can be done now: what is a panel's own first, so that its name opens it. */
  commands(): Command[] {
    const ofPanels = this.panels.flatMap((panel) => [...this.#opener(panel), ...(panel.commands?.(this) ?? [])]);
    return [...ofPanels, ...this.#pageCommands(this)].filter((command) => command.when?.() ?? true);
  }

  #opener({ id, title, says, key, isInner }: Panel): Command[] {
    if (isInner === true) return [];
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

  /** It stands in the dock, be it behind another tab. */
  isOpen(id: string): boolean {
    return this.dock.open.some((one) => kindOf(one) === id);
  }

  /** Of a panel that may stand several times: the one that was looked at last. */
  currentOf(kind: string): string {
    return (
      this.#recent.findLast((id) => kindOf(id) === kind && this.dock.has(id)) ?? this.dock.open.find((id) => kindOf(id) === kind) ?? kind
    );
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
    this.#focus(this.currentOf(id), part);
  }

  /** Puts a panel in front, and the focus nowhere. */
  bringForward(id: string): void {
    const panel = this.#get(kindOf(id));
    if (!this.app.workspace.isLoaded) this.#early = [...this.#early.filter((other) => other !== id), id];
    const at = this.dock.has(id) ? id : this.currentOf(kindOf(id));
    if (this.dock.has(at)) this.dock.bringForward(at);
    else this.#keepingLeft(() => this.dock.add(at, this.#berthOf(panel)));
  }

  /** One more of a panel that may stand several times, with a link colour that no other has. */
  openAnother(kind: string): void {
    const { main, dock } = this;
    const from = this.currentOf(kind);
    const free = freeLinks(LINKS, { panels: dock.params });
    const link = free[0];
    const instrument = this.instrumentOf(dock.params[from]?.link ?? null);
    if (link !== undefined && instrument !== null) this.app.show({ links: { ...this.app.shown.links, [link]: instrument } });
    const id = nextId(kind, new Set(dock.open));
    const size = dock.sizeOf(from);
    const least = main?.minSize ?? { width: 0, height: 0 };
    const direction = size && size.width >= 2 * least.width ? 'right' : 'down';
    const { range, pane, look } = this.app.shown;
    const params: PanelParams = { ...(link !== undefined && { link }), range, pane, look };
    dock.add(id, size ? { beside: from, direction } : null, params);
    void tick().then(() => this.#focus(id));
  }

  /** As `open`; but where it is in front at that page already, it is closed. */
  toggle(id: string, page: string): void {
    if (this.dock.inFront.has(id) && this.pageOf(id) === page) this.close(id);
    else void this.open(id, { page });
  }

  /** Shows an instrument's chart around a moment, where it stands: what asks for it may stand in front of it. */
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
    const at = this.dock.has(id) ? id : this.currentOf(id);
    this.#early = this.#early.filter((other) => other !== at);
    this.#keepingLeft(() => this.dock.remove(at));
    this.focus(this.left?.id ?? '');
  }

  /** Closes the panel that stands beside the main one, where it was looked at last; false where there is none. */
  leave(): boolean {
    const { active } = this.dock;
    const beside = active !== null && this.#get(kindOf(active)).place === 'beside' ? active : null;
    if (beside !== null) this.close(beside);
    return beside !== null;
  }

  /** Where a panel stands, the focus goes into it. */
  focus(id: string, part?: string): void {
    this.#comeForward();
    const at = this.currentOf(id);
    if (!this.dock.has(at)) return;
    this.dock.bringForward(at);
    this.#focus(at, part);
  }

  /** Into what stands in the place of the main panel: that, or what is in front of it. */
  focusMain(): void {
    const main = this.main === null ? null : this.currentOf(this.main.id);
    if (main !== null && !this.dock.has(main)) {
      void this.open(kindOf(main));
      return;
    }
    const front = main === null ? undefined : this.dock.besides(main).find((id) => this.dock.inFront.has(id));
    this.focus(front ?? main ?? '');
  }

  #focus(id: string, part?: string): void {
    const instance = this.#instances.get(id);
    if (instance?.focus) instance.focus(part);
    else this.dock.tabOf(id)?.focus();
  }

  /** On to the panel in front of the next group. */
  async focusNext(by: 1 | -1): Promise<void> {
    const id = this.dock.next(by);
    if (id === null) return;
    this.dock.bringForward(id);
    await tick();
    this.#focus(id);
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

  /** The instrument of a link colour; of none, and of one that shows nothing yet, the selected one. */
  instrumentOf(link: Link | null): string | null {
    const { links, selected } = this.app.shown;
    return (link === null ? undefined : links[link]) ?? selected;
  }

  /** The colour that the rows of the left panel drive. */
  get drivenLink(): Link | null {
    return this.dock.params[this.left?.id ?? '']?.link ?? null;
  }

  showLinked(link: Link | null, instrument: string): void {
    if (link === null || link === this.drivenLink) this.app.select(instrument);
    else this.app.show({ links: { ...this.app.shown.links, [link]: instrument } });
  }

  /** The selected row drives the panels of the left panel's colour. */
  drive(selected: string | null): void {
    const link = this.drivenLink;
    const { links } = this.app.shown;
    if (link !== null && selected !== null && links[link] !== selected) this.app.show({ links: { ...links, [link]: selected } });
  }

  setLink(id: string, link: Link | null): void {
    const { links } = this.app.shown;
    const shown = this.instrumentOf(this.dock.params[id]?.link ?? null);
    const of = link === null ? undefined : links[link];
    // The first of a colour brings its instrument; the list goes to that of its new colour.
    if (link !== null && of === undefined && shown !== null) this.app.show({ links: { ...links, [link]: shown } });
    if (id === this.left?.id && of !== undefined) this.app.select(of);
    const { link: before, ...params } = this.dock.params[id] ?? {};
    if (before !== link) this.dock.setParams(id, link === null ? params : { ...params, link });
  }

  /** The page has another size, or is there for the first time. */
  resize(size: Size): void {
    if (size.width === 0 || size.height === 0) return;
    const isFirst = this.dock.size.width === 0;
    this.#arranging(() => this.dock.resize(size));
    if (isFirst) this.arrange(this.app.shown.layout);
    else if (this.app.shown.layout === null) this.#fitDefault();
  }

  /** The default layout fits the page whatever its size: where its groups stay the same, they get other sizes alone. */
  #fitDefault(): void {
    const [wanted, stands] = [this.#default(), this.dock.layout()];
    this.#arranging(() => {
      if (stands !== null && isSameShape(stands, wanted)) this.dock.setSizes(sizesOf(wanted.grid));
      else this.dock.show(wanted);
    });
  }

  /** What this window kept has come, or another layout is to be shown: null is the default one. */
  arrange(layout: DockLayout | null): void {
    const { isLoaded } = this.app.workspace;
    if (this.dock.size.width === 0) return;
    this.#extra = this.left?.extraWidth?.(this) ?? 0;
    const known = layout === null ? null : knownOnly(layout, (id) => this.dockable.some((panel) => panel.id === kindOf(id)));
    if (known !== null && known.dropped.length > 0) {
      this.app.toasts.show('notice', `This version has no panel ${known.dropped.join(', ')}`, 'The rest of the layout is as it was.');
    }
    const usable = known !== null && known.layout.grid.root.data.length + known.layout.floating.length > 0 ? known.layout : null;
    this.#arranging(() => this.dock.show(usable ?? this.#default()));
    if (!isLoaded) return;
    if (this.app.workspace.loads === 1 && standing().length === 0) this.offered = this.app.shown.windows;
    // Open panels of a version without layouts, and what was opened before all this was known.
    const again = [...this.app.shown.panels, ...this.#early];
    this.#early = [];
    for (const id of again) if (this.dockable.some((panel) => panel.id === kindOf(id))) this.bringForward(id);
    if (this.app.shown.panels.length > 0) this.app.show({ panels: [] });
  }

  /** The left panel would like so many px beyond its usual share: it is given them, or gives them back. */
  fitLeft(extra: number): void {
    const [before, id] = [this.#extra, this.left?.id ?? ''];
    this.#extra = extra;
    const size = this.dock.sizeOf(id);
    if (before === extra || size === null || this.dock.floating.has(id)) return;
    const { width } = this.dock.size;
    const by = leftWidth(width, extra) - leftWidth(width, before);
    if (this.app.shown.layout === null) this.#arranging(() => this.dock.setSize(id, { width: leftWidth(width, extra) }));
    else if (by !== 0) this.dock.setSize(id, { width: size.width + by });
  }

  /** The windows that stand open now; those that are still offered are kept beside them. */
  keepWindows(standing: readonly OwnWindow[]): void {
    this.app.show({ windows: [...standing, ...this.offered].slice(0, MOST_WINDOWS) });
  }

  /** Of the windows that stood open at the last end. */
  openOffered(): void {
    const all = this.offered;
    this.offered = all.filter((own) => {
      const panel = this.panels.find(({ id }) => id === own.panel);
      return panel !== undefined && !popOut(this, panel, own);
    });
  }

  /** Not as windows: what of them does not stand on the page does from now on. */
  dockOffered(): void {
    const all = this.offered;
    this.offered = [];
    for (const { panel } of all) if (this.dockable.some(({ id }) => id === panel) && !this.isOpen(panel)) this.bringForward(panel);
    this.keepWindows(standing());
  }

  #default(): DockLayout {
    return defaultLayout(this.dockable, this.dock.size, this.#extra);
  }

  /** What is done is the app's doing, not the person's: the layout stays the one that is kept. */
  #arranging(run: () => void): void {
    this.#isArranging = true;
    try {
      run();
    } finally {
      this.#isArranging = false;
    }
    this.#stands = this.dock.layout();
  }

  #changed(): void {
    const { active } = this.dock;
    if (active !== null && active !== this.#recent.at(-1))
      this.#recent = [...this.#recent.filter((id) => id !== active && this.dock.has(id)), active];
    if (this.#isArranging || !this.app.workspace.isLoaded) return;
    const layout = this.dock.layout();
    if (layout === null || (this.#stands !== null && isAlike(layout, this.#stands) && layout.floating.length === 0)) return;
    if (JSON.stringify(layout) === JSON.stringify(this.#stands)) return;
    this.#stands = layout;
    this.app.show({ layout: isAlike(layout, this.#default()) ? null : layout });
  }

  /** Beside what is open already of its kind, else where its place is. */
  #berthOf({ place, minSize }: Panel): Berth | null {
    const { dock } = this;
    const ofPlace = (one: Panel['place']): string | undefined => dock.open.find((id) => this.#get(kindOf(id)).place === one);
    const same = ofPlace(place);
    const main = ofPlace('main');
    if (place === 'left') return { edge: 'left', px: leftWidth(dock.size.width, this.#extra) };
    if (same !== undefined) return { within: same };
    if (place === 'beside') {
      const room = dock.size.width - (dock.sizeOf(ofPlace('left') ?? '')?.width ?? 0);
      const isWide = room >= minSize.width + (this.main?.minSize.width ?? 0);
      return main === undefined || isWide ? { edge: 'right', px: minSize.width } : { within: main };
    }
    if (place === 'below')
      return main === undefined ? { edge: 'down', px: minSize.height } : { beside: main, direction: 'down', px: minSize.height };
    // Above what stands below it, where it stood.
    const below = ofPlace('below');
    return below === undefined ? { edge: 'right' } : { beside: below, direction: 'up', px: Math.round(dock.size.height * 0.7) };
  }

  /** Panels that come or go at the right take from, and give to, what is not the left panel's. */
  #keepingLeft(run: () => void): void {
    const id = this.left?.id ?? '';
    const before = this.dock.floating.has(id) ? null : this.dock.sizeOf(id);
    run();
    const after = this.dock.sizeOf(id);
    if (before && after && before.height === after.height && before.width !== after.width && this.dock.open.length > 1)
      this.dock.setSize(id, { width: before.width });
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
