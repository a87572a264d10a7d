import type { InstrumentId } from '#domain/instrument.ts';
import { BOOK_STALE_MS, newestLadder, type ReadBook } from '../book-ladder.ts';
import { newestBook } from '../newest-book.ts';
import type { HistoryStore } from '../ports/history.ts';

export interface FollowedBooksOptions {
  readonly store: Pick<HistoryStore, 'books' | 'newestBooks'>;
  readonly now: () => number;
  /** A book came, or the newest one has grown old. */
  readonly onBook: (id: InstrumentId) => void;
}

/** The newest order book of each instrument as another process records it. */
export interface FollowedBooks {
  book(id: InstrumentId): ReadBook | null;
  /** Takes what was recorded since the last check. */
  read(ids: readonly InstrumentId[]): Promise<void>;
  /** Tells of those that have grown old. */
  age(): void;
}

export function createFollowedBooks({ store, now, onBook }: FollowedBooksOptions): FollowedBooks {
  const latest = new Map<InstrumentId, ReadBook>();
  return {
    book: (id) => latest.get(id) ?? null,
    async read(ids) {
      for (const id of ids) {
        const before = latest.get(id);
        if (before === undefined) {
          const found = await newestBook(store, id, now());
          if (found === null) continue;
          latest.set(id, found);
        } else {
          const since = Math.max(now() - BOOK_STALE_MS - 1, before.at);
          const newest = newestLadder(await store.books(id, since, Number.MAX_SAFE_INTEGER));
          if (newest === null) continue;
          latest.set(id, { ...newest, stale: now() - newest.at > BOOK_STALE_MS });
        }
        onBook(id);
      }
    },
    age() {
      for (const [id, book] of latest) {
        if (book.stale || now() - book.at <= BOOK_STALE_MS) continue;
        latest.set(id, { ...book, stale: true });
        onBook(id);
      }
    },
  };
}
