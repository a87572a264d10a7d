import { fileURLToPath } from 'node:url';
import type { Log } from '#core/ports/log.ts';
import type { FileWorkspaces } from '#node/workspaces.ts';
import { app, BrowserWindow, screen, type BrowserWindowConstructorOptions, type Session } from 'electron';
import { mainWindow } from './ipc.ts';
import { boundsToKeep, isSame, type Placeable, placeWindow, type Rectangle } from './bounds.ts';
import { pagePreferences } from './trust.ts';

/** The dark theme's surface: no white flash before the first paint. */
const backgroundColor = '#0b0e13';

/** Where and how large it is the page asks for; `placePopout` holds it to the screens that there are. */
export const popoutWindow: BrowserWindowConstructorOptions = {
  minWidth: 320,
  minHeight: 200,
  backgroundColor,
  autoHideMenuBar: true,
};

const preload = fileURLToPath(new URL('../preload/index.cjs', import.meta.url));

/** The terminal's one window, where it was left. Its page is not loaded yet; it shows itself when the page is painted. */
export function createWindow(session: Session, workspaces: Pick<FileWorkspaces, 'bounds' | 'keepBounds'>): BrowserWindow {
  const saved = workspaces.bounds(mainWindow);
  const window = new BrowserWindow({
    ...placeWindow(saved, screens()),
    minWidth: 400,
    minHeight: 300,
    show: false,
    title: 'Perpscope',
    backgroundColor,
    autoHideMenuBar: true,
    webPreferences: { ...pagePreferences, preload, session },
  });
  if (saved?.maximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  keepBounds(window, workspaces);
  window.on('closed', () => {
    app.quit();
  });
  return window;
}

/** A window that stood on a screen that is gone comes onto one that is there. */
export function placePopout(popout: Placeable): void {
  const asked = popout.getBounds();
  const placed = placeWindow(asked, screens());
  if (!isSame(asked, placed)) popout.setBounds(placed);
}

/** A page that dies while it loads is recovery.ts's to load again. */
export function loadPage(window: BrowserWindow, url: string, log: Log): void {
  window.loadURL(url).catch((error: unknown) => log.write('warn', 'window', 'the page was not loaded', { url, error }));
}

export function focusWindow(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function screens(): [Rectangle, ...Rectangle[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

function keepBounds(window: BrowserWindow, workspaces: Pick<FileWorkspaces, 'keepBounds'>): void {
  const keep = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return;
    workspaces.keepBounds(mainWindow, boundsToKeep(window.getNormalBounds(), window.isMaximized()));
  };
  window.on('resize', keep);
  window.on('move', keep);
  window.on('maximize', keep);
  window.on('unmaximize', keep);
}
