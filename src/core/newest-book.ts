import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { BOOK_STALE_MS, newestLadder, type ReadBook } from './book-ladder.ts';
import type { HistoryStore } from './ports/history.ts';

/** Most have one of the last minutes; the days before hold thousands, and what is older one an hour. */
const BACK_MS = [2 * HOUR_MS, 8 * 24 * HOUR_MS, Infinity] as const;

/** The order book of the instrument that was recorded last up to `at`, however old; null: none ever was. */
export async function newestBook(store: Pick<HistoryStore, 'books'>, id: InstrumentId, at: number): Promise<ReadBook | null> {
  for (const backMs of BACK_MS) {
    const found = newestLadder(await store.books(id, Math.max(0, at - backMs), at));
    if (found !== null) return { ...found, stale: at - found.at > BOOK_STALE_MS };
  }
  return null;
}
