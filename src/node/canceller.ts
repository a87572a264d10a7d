import type { Canceller } from '#core/ports.ts';

export const newCanceller = (): Canceller => new AbortController();
