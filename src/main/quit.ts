import type { Log } from '#core/ports/log.ts';
import { app, BrowserWindow } from 'electron';

/** The system kills us some seconds after it asks; what is stored is safe either way, this saves the rest. */
const DEADLINE_MS = 8_000;

/** Every way out goes through `close`, once: menu, last window, a signal, the end of the launcher. */
export function flushBeforeQuit(close: () => Promise<void>, log: Log, deadlineMs = DEADLINE_MS): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    const late = setTimeout(() => {
      process.stderr.write('perpscope: closing took too long; ending now\n');
      app.exit(1);
    }, deadlineMs);
    close().then(
      () => {
        clearTimeout(late);
        app.exit(0);
      },
      (error: unknown) => {
        log.write('error', 'main', 'closing failed', { error });
        process.stderr.write(`perpscope: closing failed: ${String(error)}\n`);
        app.exit(1);
      },
    );
  });
  // The launcher's channel is our life line: it closes even when the launcher is killed.
  process.on('disconnect', () => {
    app.quit();
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      app.quit();
    });
  }
}
