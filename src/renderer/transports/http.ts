import { parse, stringify } from 'devalue';
import type { Envelope, Transport } from '#bridge/contract.ts';
import { failure } from '#bridge/errors.ts';
import { eventNames } from '#bridge/names.ts';

const CALL_DEADLINE_MS = 60_000;
const RECONNECT_MS = 2_000;
const WIRE_TYPE = 'application/x-devalue';

type Listener = (payload: unknown) => void;

/** Calls by POST, events by one stream that connects again by itself; after a break the host sends the whole state as events. */
export function createHttpTransport(): Transport {
  const listeners = new Map<string, Set<Listener>>();
  const connect = (url: string): void => {
    const source = new EventSource(url);
    for (const name of eventNames) {
      source.addEventListener(name, ({ data }) => {
        for (const listener of listeners.get(name) ?? []) listener(parse(data as string));
      });
    }
    // The browser tries again by itself but for an answer that is no stream: the host stopped, or was started anew.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(() => connect('/bridge/events?again=1'), RECONNECT_MS);
    };
  };
  // What changes between the first answers and the opening of the stream would be missed without the state it starts with.
  connect('/bridge/events?again=1');

  return {
    invoke,
    subscribe(name, listener) {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

async function invoke(name: string, input: unknown): Promise<Envelope<unknown>> {
  try {
    const response = await fetch('/bridge/call', {
      method: 'POST',
      headers: { 'content-type': WIRE_TYPE },
      body: stringify({ name, input }),
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
    if (response.status === 401) return failure('not-allowed', 'Perpscope was started anew: open the address that it printed.');
    if (response.headers.get('content-type') !== WIRE_TYPE) return failure('disconnected');
    return parse(await response.text()) as Envelope<unknown>;
  } catch (error) {
    // No answer (TypeError), none in time, or one cut off on its way.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return failure('disconnected');
    throw error;
  }
}
