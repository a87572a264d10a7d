import { stringify } from 'devalue';
import type { EventName, WatchRow } from '#bridge/contract.ts';
import type { App } from '#core/app.ts';
import { inEvents } from '#core/hub.ts';

export interface EventStreamOptions {
  /** A comment this often, so that either side notices a dead connection. */
  readonly heartbeatMs: number;
  /** A page that reads slower than events come gets an end at this size; it connects anew and is told everything. */
  readonly maxQueuedBytes: number;
}

/**
 * The app's events as a body of text/event-stream: the event's name and its payload as devalue text (which has no line breaks).
 * A page that was connected before (`missedSome`) first gets the whole state, as the events that would have told it.
 */
export function createEventStream(
  app: Pick<App, 'dispatch' | 'listen'>,
  missedSome: boolean,
  { heartbeatMs, maxQueuedBytes }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        let open = true;
        const send = (text: string): void => {
          if (!open) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) > 0) return;
          stop();
          controller.close();
        };
        const emit = (name: EventName, payload: unknown): void => send(`event: ${name}\ndata: ${stringify(payload)}\n\n`);
        const unlisten = app.listen(emit);
        const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
        stop = () => {
          open = false;
          clearInterval(heartbeat);
          unlisten();
        };
        // The id comes back as Last-Event-ID when the browser connects again.
        send('id: 0\nretry: 1000\n\n');
        if (missedSome) await emitState(app, emit);
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxQueuedBytes }),
  );
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
