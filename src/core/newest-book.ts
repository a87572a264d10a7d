import type { InstrumentId } from '#domain/instrument.ts';
import { BOOK_STALE_MS, ladderAt, type ReadBook } from './book-ladder.ts';
import type { HistoryStore } from './ports/history.ts';

type Books = Pick<HistoryStore, 'newestBooks'>;

/** The order books of these that were recorded last up to `at`, however old; without those of which none ever was. */
export async function newestBooks(store: Books, ids: readonly InstrumentId[], at: number): Promise<Map<InstrumentId, ReadBook>> {
  const found = await store.newestBooks(ids, at);
  return new Map(
    found.ids.map((id, row) => {
      const time = found.books.at[row] ?? NaN;
      return [id, { ladder: ladderAt(found.books, row), at: time, stale: at - time > BOOK_STALE_MS }];
    }),
  );
}

/** Of one; null: none ever was. */
export const newestBook = async (store: Books, id: InstrumentId, at: number): Promise<ReadBook | null> =>
  (await newestBooks(store, [id], at)).get(id) ?? null;
