import Conf from 'conf';
import type { App } from '#core/app.ts';
import type { Log } from '#core/ports/log.ts';
import type { Notifier } from '#core/ports/notifier.ts';
import { surviveFaults } from '#node/faults.ts';
import { DEMO_SEED, openApp } from '#node/open-app.ts';
import { startHost } from './host.ts';

export interface WebOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly demo: { readonly speed: number } | null;
  /** A desk's history; null: the folder's. */
  readonly history?: string | null;
  /** Where its archived months lie; null: nowhere that was named. */
  readonly archive?: string | null;
  /** null: any free one. */
  readonly port: number | null;
  readonly version: string;
  /** Folder of the built renderer. */
  readonly assetsDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the process to end, flushed: too many faults. */
  readonly end: () => void;
}

export interface RunningWeb {
  /** Resolves once the app is open, and rejects with what `openApp` throws: the page is served before, and waits for its first answers. */
  readonly opened: Promise<void>;
  /** An address to open, with a token that lets one browser in, once, within a minute. The address before is worth nothing then. */
  newUrl(): string;
  /** Flushes everything. Safe to call twice. */
  close(): Promise<void>;
}

/** The page itself shows notifications, from the `signal.entered` event. */
const pageNotifies: Notifier = { notify() {} };

/**
 * Serves the page to a browser and opens the app on the data folder meanwhile. Throws what `startHost` throws, and of what `openApp` throws all
 * that is wrong with the folder.
 */
export async function runWeb(options: WebOptions): Promise<RunningWeb> {
  const { dataDir, demo, history = null, archive = null, port, version, assetsDir, env, end } = options;
  let tellUsable: (log: Log) => void = () => undefined;
  const usable = new Promise<Log>((resolve) => (tellUsable = resolve));
  const opening = openApp({
    dataDir,
    demo: demo && { speed: demo.speed, seed: DEMO_SEED },
    ...(history !== null && { history, archive }),
    shell: 'browser',
    version,
    notifier: pageNotifies,
    createStore: Conf,
    env,
    onUsable: tellUsable,
  });
  const log = await Promise.race([usable, opening.then((opened) => opened.log)]);
  const started = opening.then(async ({ app }) => {
    await app.start();
    return app;
  });
  const closeApp = (): Promise<void> =>
    opening.then(
      (opened) => opened.close(),
      () => undefined,
    );
  try {
    const host = await startHost({ app: onceThere(started), assetsDir, port, log });
    let forgetFaults = (): void => undefined;
    const opened = started.then(
      () => {
        forgetFaults = surviveFaults(log, end);
      },
      async (error: unknown) => {
        await host.close();
        await closeApp();
        throw error;
      },
    );
    return {
      opened,
      newUrl: () => host.newUrl(),
      async close() {
        await host.close();
        await closeApp();
        forgetFaults();
      },
    };
  } catch (error) {
    await closeApp();
    throw error;
  }
}

/** An app that is not there yet: what it is asked waits for it. */
const onceThere = (coming: Promise<App>): Pick<App, 'dispatch' | 'listen'> => ({
  dispatch: async (...asked) => (await coming).dispatch(...asked),
  listen(listener) {
    let stop: (() => void) | null = () => undefined;
    coming.then(
      (app) => {
        if (stop !== null) stop = app.listen(listener);
      },
      () => undefined,
    );
    return () => {
      stop?.();
      stop = null;
    };
  },
});
