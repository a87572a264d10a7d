import type { Kept } from '#core/ports/history.ts';

/** Columns of a history of which nothing was deleted. */
export const kept = <T extends object>(columns: T): Kept<T> => ({ ...columns, thinned: [] });
