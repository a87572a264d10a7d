import Conf from 'conf';
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
  /** An address to open, with a token that lets one browser in, once, within a minute. The address before is worth nothing then. */
  newUrl(): string;
  /** Flushes everything. Safe to call twice. */
  close(): Promise<void>;
}

/** The page itself shows notifications, from the `signal.entered` event. */
const pageNotifies: Notifier = { notify() {} };

/** Opens the app on the data folder and serves it to a browser. Throws what `openApp` and `startHost` throw. */
export async function runWeb({
  dataDir,
  demo,
  history = null,
  archive = null,
  port,
  version,
  assetsDir,
  env,
  end,
}: WebOptions): Promise<RunningWeb> {
  const opened = await openApp({
    dataDir,
    demo: demo && { speed: demo.speed, seed: DEMO_SEED },
    ...(history !== null && { history, archive }),
    shell: 'browser',
    version,
    notifier: pageNotifies,
    createStore: Conf,
    env,
  });
  try {
    const host = await startHost({ app: opened.app, assetsDir, port, log: opened.log });
    await opened.app.start();
    const forgetFaults = surviveFaults(opened.log, end);
    return {
      newUrl: () => host.newUrl(),
      async close() {
        await host.close();
        await opened.close();
        forgetFaults();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
