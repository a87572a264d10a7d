import type { EventName, EventPayload, VenueHealth, WatchRow } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Cancel, Clock } from './ports/clock.ts';

const BATCH_MS = 250;
/** Rows of one event: a page takes them in within one of its tasks, and paints between two. */
const MOST_ROWS = 20;

export const inEvents = (rows: readonly WatchRow[]): WatchRow[][] =>
  Array.from({ length: Math.ceil(rows.length / MOST_ROWS) }, (_, i) => rows.slice(i * MOST_ROWS, (i + 1) * MOST_ROWS));

export type AppListener = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Events to the shells: single ones at once, values in batches of at most four a second. */
export interface Hub {
  listen(listener: AppListener): Cancel;
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** The rows of these instruments changed; they are built when the batch leaves. */
  rows(instruments: Iterable<InstrumentId>): void;
  health(): void;
  history(instrument: InstrumentId): void;
  stop(): void;
}

export interface HubSources {
  rows(instruments: ReadonlySet<InstrumentId>): WatchRow[];
  health(): VenueHealth[];
  /** A listener threw. */
  onError(error: unknown): void;
}

/** Demo time runs faster; batches are for eyes and count real time. */
export function createHub(clock: Clock, sources: HubSources): Hub {
  const listeners = new Set<AppListener>();
  const rows = new Set<InstrumentId>();
  const history = new Set<InstrumentId>();
  let health = false;
  let timer: Cancel | null = null;

  const emit: Hub['emit'] = (name, payload) => {
    for (const listener of listeners) {
      try {
        listener(name, payload);
      } catch (error) {
        sources.onError(error);
      }
    }
  };
  function flush(): void {
    timer = null;
    if (rows.size > 0) {
      for (const piece of inEvents(sources.rows(rows))) emit('watchlist.change', piece);
    }
    if (health) emit('venues.change', sources.health());
    if (history.size > 0) emit('history.change', { instruments: [...history] });
    rows.clear();
    history.clear();
    health = false;
  }
  const schedule = (): void => {
    timer ??= clock.after(BATCH_MS * clock.speed, flush);
  };
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit,
    rows(instruments) {
      // A page that comes asks for all of them.
      if (listeners.size === 0) return;
      for (const id of instruments) rows.add(id);
      if (rows.size > 0) schedule();
    },
    health() {
      health = true;
      schedule();
    },
    history(instrument) {
      history.add(instrument);
      schedule();
    },
    stop() {
      timer?.();
      timer = null;
      listeners.clear();
    },
  };
}
