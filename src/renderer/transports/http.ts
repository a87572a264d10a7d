import { parse, stringify } from 'devalue';
import type { Envelope, Transport } from '#bridge/contract.ts';
import { failure } from '#bridge/errors.ts';
import { PAGE_KEY_HEADER, WINDOW_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import { oneByOne } from './one-by-one.ts';
import { pageKey } from './page-key.ts';
import { followEvents } from './shared-events.ts';
import { claimTabId } from './tab-id.ts';

const CALL_DEADLINE_MS = 60_000;

type Listener = (payload: unknown) => void;

/** Calls by POST, events by the stream that all tabs share; after a break the host sends the whole state as events. */
export function createHttpTransport(): Transport {
  const listeners = new Map<string, Set<Listener>>();
  const take = oneByOne(([name, text]: readonly [name: string, text: string]) => {
    const heard = listeners.get(name);
    if (heard === undefined || heard.size === 0) return;
    const payload: unknown = parse(text);
    for (const listener of heard) listener(payload);
  });
  followEvents((name, text) => take([name, text]));

  const tab = claimTabId();
  return {
    invoke: async (name, input) => invoke(name, input, await tab),
    subscribe(name, listener) {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

async function invoke(name: string, input: unknown, tab: string): Promise<Envelope<unknown>> {
  try {
    const response = await fetch('/bridge/call', {
      method: 'POST',
      headers: { 'content-type': WIRE_TYPE, [WINDOW_HEADER]: tab, [PAGE_KEY_HEADER]: pageKey() },
      // What a page says while it closes still arrives.
      keepalive: name === 'workspace.keep' || name === 'view.leave',
      body: stringify({ name, input }),
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
    if (response.status === 401)
      return failure(
        'not-allowed',
        'Perpscope does not know this page any more: press Enter where it runs, and open the address that it prints.',
      );
    if (response.headers.get('content-type') !== WIRE_TYPE) return failure('disconnected');
    return parse(await response.text()) as Envelope<unknown>;
  } catch (error) {
    // No answer (TypeError), none in time, or one cut off on its way.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return failure('disconnected');
    throw error;
  }
}
