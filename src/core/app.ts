import type { AppInfo, EventName, EventPayload } from '#bridge/contract.ts';
import { createDispatcher, type Dispatch } from '#bridge/dispatcher.ts';
import type { VenueId } from '#domain/instrument.ts';
import { createCollector } from './collector.ts';
import { createHandlers } from './handlers.ts';
import type { Cancel, Canceller, Clock, HistoryStore, Http, Log, Notifier, SettingsStore } from './ports.ts';
import type { Venue } from './venue.ts';

export interface Ports {
  readonly clock: Clock;
  readonly http: Http;
  readonly store: HistoryStore;
  readonly settings: SettingsStore;
  readonly notifier: Notifier;
  readonly log: Log;
  /** Uniform in [0, 1): jitter only. */
  random(): number;
  newCanceller(): Canceller;
  /** Resolves once everything else that waits for the thread has had its go: for maths in slices. */
  nextTurn(): Promise<void>;
}

export interface AppOptions extends Pick<AppInfo, 'version' | 'shell' | 'platform' | 'demo' | 'dataDir'> {
  readonly venues: readonly Venue[];
  /** Base URLs that win over settings and the venue's own: PERPSCOPE_VENUE_URL_<ID>, the demo market. */
  readonly venueUrls: Readonly<Record<VenueId, string>>;
}

export type AppListener = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

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
  const { clock, settings, store, log } = ports;
  const { version, shell, platform, demo, dataDir } = options;
  const collector = createCollector(ports, options);
  const handlers = createHandlers({
    ...collector,
    store,
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
