import { assertUsable, dataPaths, defaultDataDir, makeFolder } from '#node/data-dir.ts';
import { app, type BrowserWindow } from 'electron';
import type { readOptions } from './options.ts';
import { focusWindow } from './window.ts';

/**
 * Makes the data folder Electron's own before the single-instance lock is asked, which lives in it: one instance per
 * folder, so that demo and live run side by side. Returns the folder that the demo's is inside of.
 */
export function takeDataFolder(options: ReturnType<typeof readOptions>): string {
  const dataDir = options.dataDir ?? defaultDataDir(process.env);
  if (options.dataDir !== null) assertUsable(options.dataDir, options.demo !== null);
  const { dir } = dataPaths(dataDir, options.demo !== null);
  makeFolder(dir);
  app.setPath('userData', dir);
  return dataDir;
}

/** False for a second instance, whose start brings the first one's window to the front. */
export function isFirstInstance(): boolean {
  return app.requestSingleInstanceLock();
}

/** `started` is given its command line and the folder in which that was typed. */
export function focusForSecondInstance(window: BrowserWindow, started: (args: readonly string[], cwd: string) => void): void {
  app.on('second-instance', (_event, args, cwd) => {
    focusWindow(window);
    started(args, cwd);
  });
}
