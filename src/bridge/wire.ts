/**
 * Content type between the loopback host and its page, for both directions of /bridge/call: devalue text, since it carries typed
 * arrays. No page of another origin may send it unasked.
 */
export const WIRE_TYPE = 'application/x-devalue';

/** Header of every call: the tab that asks, which has no other way to be told from its neighbours. */
export const WINDOW_HEADER = 'x-perpscope-window';

/** Header of everything that the page asks the bridge of the loopback host: the key that it was given when it was let in. */
export const PAGE_KEY_HEADER = 'x-perpscope-key';

/** A stream of events that has nothing to tell shows a sign of life this often, so that either side notices a dead one. */
export const HEARTBEAT_MS = 15_000;
