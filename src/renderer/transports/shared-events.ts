import { eventNames } from '#bridge/names.ts';

const RECONNECT_MS = 2_000;
const NAME = 'perpscope-events';

/** What tabs tell each other: an event as it came, or that a new one wants to hear the whole state. */
type Message = { readonly name: string; readonly text: string } | 'state';

/**
 * The host's events, by one stream for all tabs of a browser: it opens six connections to a host and no more, so that a stream of its
 * own in each tab would leave none for calls. The tab that holds the lock holds the stream and tells the others; when it closes,
 * the next one takes over. A stream that opens begins with the whole state.
 */
export function followEvents(tell: (name: string, text: string) => void): void {
  const tabs = new BroadcastChannel(NAME);
  let source: EventSource | null = null;

  function connect(): void {
    const opened = new EventSource('/bridge/events?again=1');
    source?.close();
    source = opened;
    for (const name of eventNames) {
      opened.addEventListener(name, ({ data }) => {
        const text = String(data);
        tell(name, text);
        tabs.postMessage({ name, text } satisfies Message);
      });
    }
    // The browser tries again by itself but for an answer that is no stream: the host stopped, or was started anew.
    opened.onerror = () => {
      if (source === opened && opened.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT_MS);
    };
  }
  tabs.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data !== 'state') tell(data.name, data.text);
    else if (source !== null) connect();
  };
  // What changes between this tab's first answers and its first event would be missed without the state.
  tabs.postMessage('state' satisfies Message);
  void navigator.locks.request(NAME, () => {
    connect();
    return new Promise<never>(() => undefined);
  });
}
