import type { App } from '#core/app.ts';
import type { Notifier } from '#core/ports/notifier.ts';
import { type ClaimedFolder, claimFolder } from '#node/claim-folder.ts';
import { surviveFaults } from '#node/faults.ts';
import type { OpenedApp } from '#node/open-app.ts';
import { type Host, startHost } from './host.ts';

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
 * Serves the page to a browser, and loads and opens the app on the data folder meanwhile. Throws what `claimFolder` and `startHost` throw, and
 * of a desk's history what `openApp` throws.
 */
export async function runWeb(options: WebOptions): Promise<RunningWeb> {
  const { dataDir, demo, history = null, port, version, assetsDir, end } = options;
  const folder = await claimFolder({ dataDir, demo: demo !== null, shell: 'browser', version, shared: history !== null });
  const { log } = folder;
  let opening: Promise<OpenedApp> | null = null;
  let started: Promise<App>;
  let host: Host | null = null;
  async function close(): Promise<void> {
    await host?.close();
    const app = await opening?.catch(() => null);
    await (app ? app.close() : folder.release());
  }
  try {
    host = await startHost({ app: onceThere(() => started), assetsDir, port, log });
    const page = host;
    opening = openIn(folder, options);
    started = opening.then(async ({ app }) => {
      await app.start();
      return app;
    });
    started.catch(() => undefined);
    if (history !== null) await opening;
    let forgetFaults = (): void => undefined;
    const opened = started.then(
      () => {
        forgetFaults = surviveFaults(log, end);
      },
      async (error: unknown) => {
        await close();
        throw error;
      },
    );
    return {
      opened,
      newUrl: () => page.newUrl(),
      async close() {
        await close();
        forgetFaults();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the app is made of is many times the host: it is loaded once the page can be had. */
async function openIn(folder: ClaimedFolder, { demo, history = null, archive = null, env }: WebOptions): Promise<OpenedApp> {
  const [{ DEMO_SEED, openApp }, { default: Conf }] = await Promise.all([import('#node/open-app.ts'), import('conf')]);
  return openApp(folder, {
    demo: demo && { speed: demo.speed, seed: DEMO_SEED },
    ...(history !== null && { history, archive }),
    notifier: pageNotifies,
    createStore: Conf,
    env,
  });
}

/** An app that is not there yet: what it is asked waits for it. */
const onceThere = (coming: () => Promise<App>): Pick<App, 'dispatch' | 'listen'> => ({
  dispatch: async (...asked) => (await coming()).dispatch(...asked),
  listen(listener) {
    let stop: (() => void) | null = () => undefined;
    coming().then(
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
