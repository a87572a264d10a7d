import { HEARTBEAT_MS, PAGE_KEY_HEADER } from '#bridge/wire.ts';
import { pageKey } from './page-key.ts';
import { readEvents } from './read-events.ts';

const RECONNECT_MS = 2_000;
/** A stream, or the tab that holds it, that showed no sign of life at so many looks is dead. Looks, not time: a tab that slept or waited for its turn has its messages to read first. */
const SILENT_LOOKS = 3;
const NAME = 'perpscope-events';

/** What tabs tell each other: an event as it came, that the tab with the stream lives, or that a new one wants to hear the whole state. */
type Message = { readonly name: string; readonly text: string } | 'alive' | 'state';

/**
 * The host's events, by one stream for all tabs of a browser: it opens six connections to a host and no more, so that a stream of its
 * own in each tab would leave none for calls. The tab that holds the lock holds the stream and tells the others; when it closes,
 * the next one takes over, and when it hangs, one that waits takes the lock from it. A stream that opens begins with the whole state.
 */
export function followEvents(tell: (name: string, text: string) => Promise<void>): void {
  const tabs = new BroadcastChannel(NAME);
  let stream: AbortController | null = null;
  let silentLooks = 0;
  const sayAlive = (): void => {
    silentLooks = 0;
    tabs.postMessage('alive' satisfies Message);
  };

  function connect(): void {
    stream?.abort();
    const own = (stream = new AbortController());
    void follow(own).finally(() => {
      // The host stopped, was started anew, or let go of a page that did not read.
      setTimeout(() => {
        if (stream === own) connect();
      }, RECONNECT_MS);
    });
  }

  async function follow({ signal }: AbortController): Promise<void> {
    sayAlive();
    try {
      const { ok, body } = await fetch('/bridge/events', { headers: { [PAGE_KEY_HEADER]: pageKey() }, signal });
      if (!ok || body === null) return;
      await readEvents(
        body,
        async (name, text) => {
          if (signal.aborted) return;
          silentLooks = 0;
          tabs.postMessage({ name, text } satisfies Message);
          await tell(name, text);
        },
        sayAlive,
      );
    } catch (error) {
      // No answer, one cut off on its way, or a stream that another takes the place of.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
  }

  tabs.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data === 'state') {
      if (stream !== null) connect();
      return;
    }
    silentLooks = 0;
    if (data !== 'alive') void tell(data.name, data.text);
  };
  // What changes between this tab's first answers and its first event would be missed without the state.
  tabs.postMessage('state' satisfies Message);

  /** Holds the stream from when the lock is had until another tab takes it. */
  function hold(steal: boolean): void {
    navigator.locks
      .request(NAME, { steal }, () => {
        connect();
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => {
        if (!(error instanceof DOMException)) throw error;
        // This tab hung, and one that waited has the stream now: this one waits in its turn.
        stream?.abort();
        stream = null;
        hold(false);
      });
  }
  hold(false);
  setInterval(() => {
    if (++silentLooks <= SILENT_LOOKS) return;
    silentLooks = 0;
    if (stream !== null) connect();
    else hold(true);
  }, HEARTBEAT_MS);
}
