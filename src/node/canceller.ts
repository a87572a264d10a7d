import type { Canceller } from '#core/ports/clock.ts';

export const newCanceller = (): Canceller => new AbortController();
