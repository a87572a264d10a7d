import { stringify } from 'devalue';
import type { EventName, WatchRow } from '#bridge/contract.ts';
import { HEARTBEAT_MS } from '#bridge/wire.ts';
import type { App } from '#core/app.ts';
import { inEvents } from '#core/hub.ts';

const SIGN_OF_LIFE = ': still here\n\n';

export interface EventStreamOptions {
  /** A comment this often, so that either side notices a dead connection. */
  readonly heartbeatMs: number;
  /** A page that reads slower than events come gets an end at this size; it connects anew and is told everything. */
  readonly maxQueuedBytes: number;
  /** Open at once. A browser holds one for all of its tabs; the oldest makes room for the newest, for a hung page never lets go of its own. */
  readonly maxStreams: number;
}

export const EVENT_STREAM: EventStreamOptions = { heartbeatMs: HEARTBEAT_MS, maxQueuedBytes: 8_000_000, maxStreams: 8 };

/**
 * The app's events as bodies of text/event-stream: the event's name and its payload as devalue text (which has no line breaks).
 * Each begins with the whole state, as the events that would have told it.
 */
export function createEventStreams(
  app: Pick<App, 'dispatch' | 'listen'>,
  { heartbeatMs, maxQueuedBytes, maxStreams }: EventStreamOptions,
): () => ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  /** Ends one each; the oldest first. */
  const ends = new Set<() => void>();

  return () => {
    let stop = (): void => {};
    return new ReadableStream<Uint8Array>(
      {
        async start(controller) {
          let open = true;
          const send = (text: string): void => {
            if (!open) return;
            controller.enqueue(encoder.encode(text));
            if ((controller.desiredSize ?? 0) <= 0) end();
          };
          const emit = (name: EventName, payload: unknown): void => send(`event: ${name}\ndata: ${stringify(payload)}\n\n`);
          const unlisten = app.listen(emit);
          const heartbeat = setInterval(() => send(SIGN_OF_LIFE), heartbeatMs);
          stop = () => {
            open = false;
            ends.delete(end);
            clearInterval(heartbeat);
            unlisten();
          };
          function end(): void {
            stop();
            controller.close();
          }
          ends.add(end);
          if (ends.size > maxStreams) ends.values().next().value?.();
          send(SIGN_OF_LIFE);
          await emitState(app, emit);
        },
        cancel: () => stop(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: maxQueuedBytes }),
    );
  };
}

/** Each answer is told before the next is asked for: an event in between must not be followed by something older. */
async function emitState({ dispatch }: Pick<App, 'dispatch'>, emit: (name: EventName, payload: unknown) => void): Promise<void> {
  const settings = await dispatch('settings.get', {});
  if (settings.ok) emit('settings.change', settings.value);
  const health = await dispatch('venues.health', {});
  if (health.ok) emit('venues.change', health.value);
  const scenarios = await dispatch('scenarios.list', {});
  if (scenarios.ok) emit('scenarios.change', scenarios.value);
  const positions = await dispatch('positions.list', {});
  if (positions.ok) emit('positions.change', positions.value);
  const notes = await dispatch('notes.list', {});
  if (notes.ok) emit('notes.change', notes.value);
  const rows = await dispatch('watchlist.rows', {});
  if (!rows.ok) return;
  // The dispatcher's answer to watchlist.rows has this shape by contract.
  const all = rows.value as WatchRow[];
  for (const piece of inEvents(all)) emit('watchlist.change', piece);
  emit('history.change', { instruments: all.map(({ instrument }) => instrument.id) });
}
