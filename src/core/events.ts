import type { AlertState } from '#bridge/alert.ts';
import type { Note } from '#bridge/note.ts';
import type { PositionView, Scenario } from '#bridge/scenario.ts';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import type { Cancel } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Notification } from './ports/notifier.ts';
import type { Settings } from './settings.ts';

/** What happens in the core, by name. Who wants to know subscribes; who tells does not know who listens. */
export interface CoreEvents {
  /** A poll is stored and in memory. `whole`: it lacked no large part of what the venue lists. */
  readonly polled: { readonly venue: VenueId; readonly whole: boolean };
  /** History of the instrument came into the store; what is stored may differ from `changedFrom` on. `recent`: it reaches the last hours. */
  readonly stored: { readonly instrument: InstrumentId; readonly recent: boolean; readonly changedFrom: number };
  /** A settlement that an hour's close waits for has come, or will not come now. */
  readonly arrived: null;
  /** An order book came, or the newest one has grown old. */
  readonly booked: { readonly instrument: InstrumentId };
  /** What was observed of these has grown stale or died, or stands for now again. */
  readonly aged: { readonly instruments: readonly InstrumentId[] };
  /** Health of a venue is another now. */
  readonly health: null;
  /** The sentences for the person are others now, or may be. */
  readonly notices: null;
  /** Once a (real) second. */
  readonly tick: null;
  /** An hour of the instrument closed, or the same hour was worked out again. */
  readonly closed: { readonly instrument: InstrumentId };
  /** Values of chosen columns of these instruments are others now. */
  readonly cells: { readonly instruments: Iterable<InstrumentId> };
  /**
   * These are followed now, and `scanned` have rows besides while a window shows everything: nothing of them is told. `fresh` had no
   * row before. `atStart`: the app has just been started.
   */
  readonly followed: {
    readonly ids: ReadonlySet<InstrumentId>;
    readonly scanned: ReadonlySet<InstrumentId>;
    readonly fresh: readonly InstrumentId[];
    readonly atStart: boolean;
  };
  /** A signal, an alert or a position has something to tell: once, in words. */
  readonly entered: Notification;
  readonly settings: { readonly before: Settings; readonly next: Settings };
  /** States of these alerts are others now; the states are all of theirs. */
  readonly judged: { readonly rules: readonly string[]; readonly states: readonly AlertState[] };
  /** Open windows look at other instruments, or at other columns, than before. */
  readonly viewed: { readonly selected: boolean; readonly columns: boolean };
  readonly scenarios: { readonly all: readonly Scenario[] };
  readonly notes: { readonly all: readonly Note[] };
  readonly positions: { readonly views: readonly PositionView[] };
}

type Listener<N extends keyof CoreEvents> = (payload: CoreEvents[N]) => void;

/** Synchronous, in the order of subscription. A listener that throws costs itself and is logged; the others hear the event all the same. */
export interface Events {
  on<N extends keyof CoreEvents>(name: N, listener: Listener<N>): Cancel;
  emit<N extends keyof CoreEvents>(name: N, payload: CoreEvents[N]): void;
}

export function createEvents(log: Log): Events {
  const listeners = new Map<keyof CoreEvents, Set<Listener<never>>>();
  return {
    on(name, listener) {
      const own = listeners.get(name) ?? new Set();
      listeners.set(name, own);
      own.add(listener);
      return () => own.delete(listener);
    },
    emit(name, payload) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          // `on` has put those of this name here.
          (listener as Listener<typeof name>)(payload);
        } catch (error) {
          log.write('error', 'app', `a listener to ${name} failed`, {
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
        }
      }
    },
  };
}
