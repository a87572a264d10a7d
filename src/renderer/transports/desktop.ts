import type { Transport } from '#bridge/contract.ts';
import { failure } from '#bridge/errors.ts';

declare global {
  interface Window {
    /** Put there by the preload; absent in a browser. */
    readonly perpscope?: Transport;
  }
}

/** The transport over the preload's two functions, or null where there is no preload. */
export function createDesktopTransport(): Transport | null {
  const preload = window.perpscope;
  if (preload === undefined) return null;
  return {
    // Electron rejects only once the main process is on its way out and answers no more.
    invoke: (name, input) => preload.invoke(name, input).catch(() => failure('disconnected')),
    subscribe: (name, listener) => preload.subscribe(name, listener),
  };
}
