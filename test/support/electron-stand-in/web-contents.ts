import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Frame, Page } from 'playwright-core';
import { app } from './app.ts';
import { openBrowser } from './browser.ts';
import { eventWith } from './events.ts';
import { type FrameMain, ipcMain } from './ipc-main.ts';
import { hostPreload } from './preload-host.ts';
import type { Session } from './session.ts';
import { fromPage, toPage } from './urls.ts';

const invokeName = '__standInInvoke';
const deliverName = '__standInDeliver';

export interface WebPreferences {
  readonly preload?: string;
  readonly session?: Session;
  readonly [name: string]: unknown;
}

export interface WindowOpenDetails {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
}
type WindowOpenAnswer = { action: 'deny' } | { action: 'allow'; overrideBrowserWindowOptions?: Record<string, unknown> };

export const frameMain = (frame: Frame): FrameMain => {
  const parent = frame.parentFrame();
  return { url: fromPage(frame.url()), parent: parent === null ? null : frameMain(parent) };
};

const all = new Set<WebContents>();
export const allWebContents = (): WebContents[] => [...all];
export const contentsOf = (page: Page): WebContents | null => allWebContents().find((contents) => contents.current === page) ?? null;

let lastId = 0;

/** A page of the one Chromium; opened by its window, or by the page that called window.open. */
export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session: Session;
  readonly preferences: WebPreferences;
  /** How Electron's own loads are told from the page's: those emit no will-navigate. */
  loading = 0;
  openHandler: ((details: WindowOpenDetails) => WindowOpenAnswer) | null = null;
  webRtcPolicy = 'default';
  current: Page | null = null;
  #page: Promise<Page>;
  #cdp: CDPSession | null = null;
  #crashed = false;
  #destroyed = false;
  #size = { width: 800, height: 600 };

  constructor(preferences: WebPreferences, session: Session, adopted: Promise<Page> | null) {
    super();
    this.preferences = preferences;
    this.session = session;
    all.add(this);
    app.emit('web-contents-created', eventWith({}), this);
    this.#page = adopted === null ? this.#open() : adopted.then((page) => this.#take(page));
  }

  async #open(): Promise<Page> {
    const { context } = await openBrowser();
    await this.#grant(context);
    return this.#take(await context.newPage());
  }

  /** Chromium does not ask here, so what the handlers would say is told to it beforehand. */
  async #grant(context: BrowserContext): Promise<void> {
    const permissions = {
      geolocation: ['geolocation'],
      notifications: ['notifications'],
      media: ['camera', 'microphone'],
      midi: ['midi'],
      'clipboard-read': ['clipboard-read'],
      'clipboard-sanitized-write': ['clipboard-write'],
    };
    const origin = 'app://bundle';
    const granted = Object.entries(permissions).flatMap(([name, chromium]) => (this.session.grants(this, name, origin) ? chromium : []));
    await context.grantPermissions(granted, { origin: new URL(toPage(`${origin}/`)).origin });
  }

  async #take(page: Page): Promise<Page> {
    const previous = this.current;
    this.current = page;
    page.on('crash', () => {
      this.#crashed = true;
      this.emit('render-process-gone', eventWith({}), { reason: 'crashed', exitCode: 5 });
    });
    page.on('close', () => {
      if (this.current === page) this.destroy();
    });
    page.on('load', () => this.emit('did-finish-load'));
    page.on('download', (download) => {
      const event = eventWith({});
      this.session.emit('will-download', event, { getURL: () => fromPage(download.url()) }, this);
      if (event.defaultPrevented) void download.cancel();
    });
    this.#cdp = await page.context().newCDPSession(page);
    await this.#cdp.send('Page.enable');
    this.#cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      this.emit('stand-in-window-open', { url: fromPage(url), frameName: windowName, features: windowFeatures.join(',') });
    });
    if (this.preferences.preload !== undefined) await this.#preload(page, this.preferences.preload);
    await page.setViewportSize(this.#size);
    if (previous !== null) await previous.close();
    return page;
  }

  async #preload(page: Page, file: string): Promise<void> {
    await page.exposeBinding(invokeName, ({ frame }, channel: string, args: unknown[]) =>
      ipcMain.invoke({ type: 'frame', sender: this, senderFrame: frameMain(frame) }, channel, args),
    );
    const names = JSON.stringify({ invoke: invokeName, deliver: deliverName });
    const preload = `(require, module, exports) => {\n${readFileSync(file, 'utf8')}\n}`;
    await page.addInitScript(`(${hostPreload.toString()})(${preload}, ${names});`);
  }

  async loadURL(url: string): Promise<void> {
    if (this.#crashed) {
      this.#crashed = false;
      this.#page = openBrowser().then(async ({ context }) => this.#take(await context.newPage()));
    }
    const page = await this.#page;
    this.loading += 1;
    try {
      await page.goto(toPage(url));
    } finally {
      this.loading -= 1;
    }
  }

  reload(): void {
    void this.loadURL(this.getURL());
  }

  getURL(): string {
    const url = fromPage(this.current?.url() ?? '');
    return url === 'about:blank' ? '' : url;
  }

  get mainFrame(): FrameMain {
    return { url: this.getURL(), parent: null };
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    const page = this.current;
    if (page === null || this.#crashed) return;
    const sent = structuredClone(args);
    page
      .evaluate(
        ([name, to, values]) => {
          const deliver = (window as unknown as Record<string, ((channel: string, args: unknown[]) => void) | undefined>)[name];
          deliver?.(to, values);
        },
        [deliverName, channel, sent] as const,
      )
      .catch((error: unknown) => {
        // A message to a page that leaves is lost in Electron, too.
        if (!/closed|crashed|context was destroyed|navigation|garbage collected/iu.test(String(error))) throw error;
      });
  }

  setWindowOpenHandler(handler: (details: WindowOpenDetails) => WindowOpenAnswer): void {
    this.openHandler = handler;
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtcPolicy = policy;
  }

  getLastWebPreferences(): WebPreferences {
    return this.preferences;
  }

  forcefullyCrashRenderer(): void {
    // The answer to this command is the crash.
    this.#cdp?.send('Page.crash').catch(() => null);
  }

  resize(size: { width: number; height: number }): void {
    this.#size = size;
    void this.#page.then((page) => (page.isClosed() || this.#crashed ? undefined : page.setViewportSize(size)));
  }

  /** Stand-in only: waits until everything that the page did so far has arrived here. */
  async settle(): Promise<void> {
    // A page that closes meanwhile has nothing more to tell.
    await this.#cdp?.send('Runtime.evaluate', { expression: '1' }).catch(() => null);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this);
    const page = this.current;
    if (page !== null && !page.isClosed()) void page.close();
    this.emit('destroyed');
  }
}
