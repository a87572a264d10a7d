import type { AppInfo } from '#bridge/contract.ts';
import { createDispatcher, type Dispatch } from '#bridge/dispatcher.ts';
import { type CollectorOptions, createCollector } from './collector.ts';
import { createHandlers } from './handlers.ts';
import type { AppListener } from './hub.ts';
import type { Cancel, Ports } from './ports.ts';

export interface AppOptions extends CollectorOptions, Pick<AppInfo, 'version' | 'shell' | 'platform' | 'demo' | 'dataDir'> {}

/** The product: everything but windows and files. A shell creates it, routes `dispatch` and `listen`, and stops it. */
export interface App {
  readonly dispatch: Dispatch;
  listen(listener: AppListener): Cancel;
  /** Starts polling; resolves at once, the first rows come as events. */
  start(): Promise<void>;
  /** Ends requests in flight, flushes settings and history, frees the lock. Safe to call twice. */
  stop(): Promise<void>;
}

export function createApp(ports: Ports, options: AppOptions): App {
  const { clock, settings, workspaces, store, log } = ports;
  const { version, shell, platform, demo, dataDir } = options;
  const collector = createCollector(ports, options);
  const handlers = createHandlers({
    ...collector,
    store,
    workspaces,
    info: () => ({ version, shell, platform, demo, dataDir, now: collector.now(), speed: clock.speed }),
    settings: () => settings.current,
    async keep(change) {
      const next = collector.change(change);
      try {
        await settings.flush();
      } catch (error) {
        log.write('warn', 'app', `a change is in memory only: ${String(error)}`);
      }
      return next;
    },
  });
  let stopping: Promise<void> | null = null;

  async function stop(): Promise<void> {
    // First, since whoever ends this process may not wait for the rest. A disk that refuses is told by the second one.
    await settings.flush().catch(() => undefined);
    try {
      await collector.stop();
      await settings.flush();
    } finally {
      await store.close();
    }
  }
  return {
    dispatch: createDispatcher(handlers, (name, error) => {
      log.write('error', 'bridge', `${name} failed`, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }),
    listen: (listener) => collector.listen(listener),
    start: () => collector.start(),
    stop: () => (stopping ??= stop()),
  };
}
