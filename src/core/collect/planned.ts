import type { InstrumentId } from '#domain/instrument.ts';
import { ladderOf } from '../book-ladder.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { VenueFacts } from './venue-facts.ts';

/** How often it is asked (real ms): no quicker than a calculator asks. */
const EVERY_MS = 4_000;

export interface PlannedOptions {
  readonly clock: Clock;
  readonly facts: VenueFacts;
  readonly store: Pick<HistoryStore, 'recordBooks'>;
  readonly reporter: Pick<Reporter, 'guard'>;
  readonly log: Log;
}

/** Brings what a person in another process plans with into the store: order books and what venues demand of orders. */
export interface Planned {
  /** To be called on every tick with what is planned with now. */
  serve(ids: ReadonlySet<InstrumentId>): void;
  /** Resolves when what is under way is stored. */
  done(): Promise<void>;
}

export function createPlanned({ clock, facts, store, reporter, log }: PlannedOptions): Planned {
  const askedAt = new Map<InstrumentId, number>();
  const working = new Map<InstrumentId, Promise<void>>();
  /** Told of once, until it answers again. */
  const failing = new Set<string>();

  async function bring(what: string, id: InstrumentId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failing.delete(`${what} ${id}`);
    } catch (error) {
      if (failing.has(`${what} ${id}`)) return;
      failing.add(`${what} ${id}`);
      log.write('warn', 'plan', `${what} of ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  async function book(id: InstrumentId): Promise<void> {
    const { book: said, at } = await facts.book(id);
    await reporter.guard('record order books', () =>
      store.recordBooks([{ instrument: id, at: Math.round(said.at ?? at), ...ladderOf(said) }]),
    );
  }
  async function serveOne(id: InstrumentId): Promise<void> {
    await Promise.all([
      bring('the order book', id, () => book(id)),
      // A caller that asks for them has them kept.
      bring('the order rules', id, async () => {
        await facts.rules(id);
      }),
    ]);
  }
  return {
    serve(ids) {
      for (const id of askedAt.keys()) if (!ids.has(id)) askedAt.delete(id);
      for (const id of ids) {
        const now = clock.monotonic();
        if (working.has(id) || now - (askedAt.get(id) ?? -Infinity) < EVERY_MS * clock.speed) continue;
        askedAt.set(id, now);
        working.set(
          id,
          serveOne(id).finally(() => working.delete(id)),
        );
      }
    },
    async done() {
      await Promise.all(working.values());
    },
  };
}
