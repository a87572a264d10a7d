import type { Log } from '#core/ports/log.ts';
import { surviveFaults } from '#node/faults.ts';
import { createRateLimit } from '#node/rate-limit.ts';
import { app, type BrowserWindow, dialog } from 'electron';
import { mainPage, stoppedPage } from './trust-rules.ts';
import { loadPage } from './window.ts';

const tenMinutesMs = 600_000;

/** Tells the person, on the screen and among the notices. */
export type Tell = (sentence: string) => void;

/** A page that dies is loaded again, at most three times in ten minutes; collecting never depends on it. */
export function recoverPage(window: BrowserWindow, log: Log, tell: Tell): void {
  const mayReload = createRateLimit(3, tenMinutesMs);
  const contents = window.webContents;
  contents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const again = mayReload(performance.now());
    log.write('error', 'window', again ? 'the page died and is loaded again' : 'the page died too often', { ...details });
    if (again) tell(`The screen stopped (${details.reason}) and was loaded again as it was. Collecting went on.`);
    loadPage(window, again ? mainPage : stoppedPage, log);
  });

  let asking = false;
  window.on('unresponsive', () => {
    log.write('warn', 'window', 'the page does not answer');
    if (asking) return;
    asking = true;
    dialog
      .showMessageBox(window, {
        type: 'warning',
        message: 'The screen does not answer.',
        detail: 'Collecting goes on in the background. You can wait, or load the screen again; nothing stored is lost.',
        buttons: ['Wait', 'Load again'],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        asking = false;
        // A page in an endless loop cannot be navigated away; its process must go first, and the handler above loads it again.
        if (response === 1 && !window.isDestroyed()) contents.forcefullyCrashRenderer();
      })
      .catch((error: unknown) => log.write('error', 'window', 'the question could not be asked', { error }));
  });
  window.on('responsive', () => log.write('info', 'window', 'the page answers again'));
}

/** A fault outside every handler is logged and the app stays; too many of them end it, flushed, and a packaged app starts again. */
export function recoverApp(log: Log, tell: Tell): void {
  surviveFaults(log, () => {
    if (app.isPackaged) app.relaunch();
    app.quit();
  });
  const isRare = createRateLimit(3, tenMinutesMs);
  app.on('child-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log.write('error', 'main', 'a child process died', { ...details });
    // Chromium starts it again by itself; the charts draw anew when their canvases are given back.
    if (details.type !== 'GPU') return;
    tell(
      isRare(performance.now())
        ? 'The graphics process stopped and was started again. Charts are drawn anew; nothing stored is touched.'
        : 'The graphics process stops again and again. Start Perpscope with --disable-gpu, or update the graphics driver.',
    );
  });
}
