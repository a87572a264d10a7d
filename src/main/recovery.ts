import type { Log } from '#core/ports.ts';
import { app, type BrowserWindow, dialog } from 'electron';
import { createRateLimit } from './rate-limit.ts';
import { mainPage, stoppedPage } from './trust-rules.ts';
import { loadPage } from './window.ts';

const tenMinutesMs = 600_000;

/** A page that dies is loaded again, at most three times in ten minutes; collecting never depends on it. */
export function recoverPage(window: BrowserWindow, log: Log): void {
  const mayReload = createRateLimit(3, tenMinutesMs);
  const contents = window.webContents;
  contents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const again = mayReload(performance.now());
    log.write('error', 'window', again ? 'the page died and is loaded again' : 'the page died too often', { ...details });
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

/** A fault outside every handler is logged and the app stays; more than five a minute end it, flushed. */
export function surviveFaults(log: Log): void {
  const mayStay = createRateLimit(5, 60_000);
  const fault = (kind: string) => (error: unknown) => {
    log.write('error', 'main', kind, { error });
    if (mayStay(performance.now())) return;
    log.write('error', 'main', 'too many faults: ending');
    if (app.isPackaged) app.relaunch();
    app.quit();
  };
  process.on('uncaughtException', fault('uncaught exception'));
  process.on('unhandledRejection', fault('unhandled rejection'));
  app.on('child-process-gone', (_event, details) => log.write('error', 'main', 'a child process died', { ...details }));
}
