import { EventEmitter } from 'node:events';
import type { Page } from 'playwright-core';
import { app, openWindows } from './app.ts';
import { openBrowser } from './browser.ts';
import { defer, eventWith, StandInEvent } from './events.ts';
import { openings, routeEverything } from './router.ts';
import { session, type Session } from './session.ts';
import { allWebContents, contentsOf, WebContents, type WebPreferences, type WindowOpenDetails } from './web-contents.ts';
import { fromPage } from './urls.ts';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowOptions extends Partial<Rectangle> {
  readonly show?: boolean;
  readonly title?: string;
  readonly webPreferences?: WebPreferences;
}

/** What Electron 45 takes where nothing is said. */
const defaultPreferences: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  devTools: true,
  spellcheck: true,
  navigateOnDragDrop: false,
};
const inherited = ['sandbox', 'contextIsolation', 'nodeIntegration', 'nodeIntegrationInSubFrames', 'webviewTag'];

const windows = new Set<BrowserWindow>();
let routed: Session | null = null;

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  readonly id: number;
  readonly webContents: WebContents;
  /** Stand-in only. */
  readonly options: WindowOptions;
  #bounds: Rectangle;
  #maximized = false;
  #minimized = false;
  #visible: boolean;
  #focused = false;
  #destroyed = false;

  constructor(options: WindowOptions, adopted: Promise<Page> | null = null) {
    super();
    app.mustBeReady('BrowserWindow');
    this.options = options;
    this.#visible = options.show ?? true;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    const { session: own = session.defaultSession, ...preferences } = { ...defaultPreferences, ...options.webPreferences };
    if (routed !== null && routed !== own) throw new Error('stand-in: all windows share one session');
    if (routed === null) void openBrowser().then(({ context }) => watchOpenings(context));
    const ready = routed === null ? openBrowser().then(({ context }) => routeEverything(context, own)) : Promise.resolve();
    routed = own;
    windows.add(this);
    openWindows.add(this);
    const contents = new WebContents(preferences, own, adopted);
    this.webContents = contents;
    this.id = contents.id;
    this.#routing = ready;
    contents.resize(this.#bounds);
    contents.once('did-finish-load', () => this.emit('ready-to-show'));
    contents.once('destroyed', () => this.destroy());
    contents.on('stand-in-window-open', (details: WindowOpenDetails) => openFrom(contents, details));
    app.emit('browser-window-created', eventWith({}), this);
  }
  #routing: Promise<void>;

  async loadURL(url: string): Promise<void> {
    await this.#routing;
    await this.webContents.loadURL(url);
  }

  getBounds(): Rectangle {
    return this.#bounds;
  }

  getNormalBounds(): Rectangle {
    return this.#bounds;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const old = this.#bounds;
    this.#bounds = { ...old, ...bounds };
    this.webContents.resize(this.#bounds);
    if (old.width !== this.#bounds.width || old.height !== this.#bounds.height) this.emit('resize');
    if (old.x !== this.#bounds.x || old.y !== this.#bounds.y) this.emit('move');
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#maximized = false;
    this.emit('unmaximize');
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  minimize(): void {
    this.#minimized = true;
    this.emit('minimize');
  }

  restore(): void {
    this.#minimized = false;
    this.emit('restore');
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  show(): void {
    this.#visible = true;
    this.focus();
    this.emit('show');
  }

  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    for (const window of windows) window.#focused = window === this;
  }

  blur(): void {
    this.#focused = false;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  close(): void {
    const event = new StandInEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    openWindows.delete(this);
    this.webContents.destroy();
    this.emit('closed');
    app.windowClosed();
  }
}

/** window.open and links with a target, as soon as Chromium tells: the handler decides before the next one is looked at. */
function openFrom(opener: WebContents, details: WindowOpenDetails): void {
  const answer = opener.openHandler?.({ ...details }) ?? { action: 'allow' as const };
  const page = defer<Page>();
  if (answer.action === 'deny') {
    openings.push({ url: details.url, contents: null, page, state: 'asked' });
    return;
  }
  const override = (answer.overrideBrowserWindowOptions ?? {}) as WindowOptions;
  const fromParent = Object.fromEntries(inherited.map((name) => [name, opener.preferences[name]]));
  const window = new BrowserWindow(
    { ...override, webPreferences: { ...fromParent, ...override.webPreferences, session: opener.session } },
    page.promise,
  );
  openings.push({ url: details.url, contents: window.webContents, page, state: 'asked' });
  opener.emit('did-create-window', window, details);
}

/** Gives every page that opened itself to the window that was allowed for it, and closes the others. */
function watchOpenings(context: { on(event: 'page', listener: (page: Page) => void): unknown }): void {
  context.on('page', (page) => {
    void (async () => {
      // The windows' own pages come from no other.
      if ((await page.opener()) === null) return;
      const url = fromPage(page.url());
      const opening = openings.find(
        ({ contents, state, url: wanted }) => contents?.isDestroyed() === false && state === 'requested' && wanted === url,
      );
      if (opening === undefined) {
        await page.close();
        return;
      }
      opening.state = 'bound';
      opening.page.resolve(page);
    })();
  });
}

/** Stand-in only: resolves when every window that pages asked for so far is there or gone. */
export async function settleOpenings(): Promise<void> {
  const { context } = await openBrowser();
  for (;;) {
    await Promise.all(allWebContents().map((contents) => contents.settle()));
    const strays = context.pages().filter((page) => contentsOf(page) === null);
    const unbound = openings.filter(({ contents, state }) => contents !== null && !contents.isDestroyed() && state !== 'bound');
    if (strays.length === 0 && unbound.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
