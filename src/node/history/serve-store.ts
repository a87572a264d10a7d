import { parentPort } from 'node:worker_threads';
import type { Log } from '#core/ports/log.ts';
import { buffersOf, type Place, toPlain, type WorkerMessage, type WorkerRequest } from './protocol.ts';

export interface StoreOptions {
  readonly log: Log;
  /** The clock (faster in the demo) lives on the other side: the time of the request that is being answered. */
  readonly now: () => number;
}

/** In a worker: opens a synchronous store, answers the calls of a WorkerClient in their order, ends after 'close'. `startedAt` by that clock. */
export function serveStore(open: (options: StoreOptions) => object, startedAt: number): void {
  if (parentPort === null) return;
  const port = parentPort;
  const post = (message: WorkerMessage): void => port.postMessage(message, message.type === 'answer' ? buffersOf(message.value) : []);
  let now = startedAt;
  let methods: Readonly<Record<string, (...input: readonly unknown[]) => unknown>>;
  try {
    const store = open({ log: { write: (...entry) => post({ type: 'log', entry }) }, now: () => now });
    methods = store as typeof methods; // names come from our own client
  } catch (error) {
    post({ type: 'failed', error: toPlain(error) });
    return;
  }
  const place = (): Place => (methods['place']?.() as Place | undefined) ?? null;
  post({ type: 'ready', place: place() });

  const answer = async ({ id, method, input, now: then }: WorkerRequest): Promise<void> => {
    now = then;
    try {
      // Only a backup is waited for; everything else is done before the next message is taken.
      const result = methods[method]?.(...input);
      const value: unknown = result instanceof Promise ? await result : result;
      post({ type: 'answer', id, value, place: place() });
    } catch (error) {
      post({ type: 'refused', id, error: toPlain(error), place: place() });
    }
    if (method === 'close') port.close();
  };
  port.on('message', (request: WorkerRequest) => void answer(request));
}
