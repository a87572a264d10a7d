/**
 * Content type between the loopback host and its page, for both directions of /bridge/call: devalue text, since it carries typed
 * arrays. No page of another origin may send it unasked.
 */
export const WIRE_TYPE = 'application/x-devalue';

/** Header of every call: the tab that asks, which has no other way to be told from its neighbours. */
export const WINDOW_HEADER = 'x-perpscope-window';
