import type { Transport } from '#bridge/contract.ts';
import { createDesktopTransport } from './desktop.ts';
import { createHttpTransport } from './http.ts';

/** The preload leaves its transport on the window; a page without one was served by the loopback host. */
export const pickTransport = (): Transport => createDesktopTransport() ?? createHttpTransport();
