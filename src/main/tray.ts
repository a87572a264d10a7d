import { fileURLToPath } from 'node:url';
import type { Badge } from '#core/ports/badge.ts';
import { app, type BrowserWindow, Menu, Tray } from 'electron';
import { focusWindow } from './window.ts';

/** Its twin of twice the size lies beside it, and is taken where the screen has room for it. */
const image = fileURLToPath(new URL('../renderer/tray.png', import.meta.url));

/** The count of active signals beside the clock and on the dock; a click brings the window forward. */
export function createTray(): Badge & { openFor(window: BrowserWindow): void } {
  let tray: Tray | null = null;
  let active = 0;
  function say(): void {
    tray?.setToolTip(`Perpscope: ${active} active ${active === 1 ? 'signal' : 'signals'}`);
    // macOS alone has room for words there.
    if (process.platform === 'darwin') tray?.setTitle(active === 0 ? '' : ` ${active}`);
  }
  return {
    openFor(window) {
      tray = new Tray(image);
      const show = (): void => focusWindow(window);
      tray.on('click', show);
      tray.setContextMenu(
        Menu.buildFromTemplate([{ label: 'Show Perpscope', click: show }, { type: 'separator' }, { label: 'Quit', role: 'quit' }]),
      );
      say();
    },
    show(count) {
      if (count === active) return;
      active = count;
      say();
      // False where the dock shows none (Windows, most of Linux): the tray says it there.
      app.setBadgeCount(count);
    },
  };
}
