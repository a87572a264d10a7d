import { stringify } from 'devalue';
import type { App } from '#core/app.ts';

export interface EventStreamOptions {
  /** A comment this often, so that either side notices a dead connection. */
  readonly heartbeatMs: number;
  /** A page that reads slower than events come is let go at this size; it connects anew and asks for everything. */
  readonly maxQueuedBytes: number;
}

/** The app's events as a body of text/event-stream: the event's name and its payload as devalue text (which has no line breaks). */
export function createEventStream(listen: App['listen'], { heartbeatMs, maxQueuedBytes }: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) > 0) return;
          stop();
          controller.error(new Error('The page does not keep up with the events.'));
        };
        const unlisten = listen((name, payload) => send(`event: ${name}\ndata: ${stringify(payload)}\n\n`));
        const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
        stop = () => {
          clearInterval(heartbeat);
          unlisten();
        };
        send('retry: 1000\n\n');
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxQueuedBytes }),
  );
}
