import type { EventName, EventPayload, Transport } from './contract.ts';
import type { Dispatch } from './dispatcher.ts';
import type { WindowId } from './window.ts';

export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Both ends in one process: tests, and the joint that the other transports are held to. */
export function createMemoryTransport(dispatch: Dispatch, window: WindowId = 'memory'): { transport: Transport; emit: Emit } {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  return {
    transport: {
      invoke: (name, input) => dispatch(name, input, window),
      subscribe(name, listener) {
        const set = listeners.get(name) ?? new Set();
        listeners.set(name, set.add(listener));
        return () => set.delete(listener);
      },
    },
    emit(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload);
    },
  };
}
