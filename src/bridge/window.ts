/** A window or tab as its shell names it; the transport says it with every call, never the page in its input. */
export type WindowId = string;

export const WINDOW_ID = /^[a-z0-9-]{1,40}$/u;
