import { UserError } from '#bridge/errors.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import { ladderOf } from '../book-ladder.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { VenueFacts } from './venue-facts.ts';

/** How often it is asked (real ms): no quicker than a calculator asks. */
const EVERY_MS = 4_000;

/** What is brought for a plan. */
const PLANNING = ['order book', 'order rules'] as const;
export type Planning = (typeof PLANNING)[number];

/** The event that says why it does not come, and the reason in it; null: it says something else. */
const refusalText = (what: Planning, why: string): string => `${what}: ${why}`;
export const refusalIn = (what: Planning, text: string): string | null =>
  text.startsWith(`${what}: `) ? text.slice(what.length + 2) : null;

/** Of any of them. */
export const isPlanningRefusal = (text: string): boolean => PLANNING.some((what) => refusalIn(what, text) !== null);

export interface PlannedOptions {
  readonly clock: Clock;
  readonly facts: VenueFacts;
  readonly store: Pick<HistoryStore, 'recordBooks'>;
  readonly reporter: Pick<Reporter, 'guard' | 'event'>;
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
  /** Why what did not come, by what and instrument: told of once, until it comes or is planned with anew. */
  const failing = new Map<string, string>();

  /** The terminal that plans reads of the history why it does not come: the exchange's answer reaches no other place that it sees. */
  async function bring(what: Planning, id: InstrumentId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failing.delete(`${what} ${id}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (failing.get(`${what} ${id}`) === why) return;
      failing.set(`${what} ${id}`, why);
      if (error instanceof UserError)
        reporter.event({ at: Math.round(clock.now()), kind: 'refused', venue: venueOf(id), instrument: id, text: refusalText(what, why) });
      else log.write('warn', 'plan', `${what} of ${id}: ${why}`);
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
      bring('order book', id, () => book(id)),
      // A caller that asks for them has them kept.
      bring('order rules', id, async () => {
        await facts.orderRules(id);
      }),
    ]);
  }
  return {
    serve(ids) {
      for (const id of askedAt.keys()) {
        if (ids.has(id)) continue;
        askedAt.delete(id);
        for (const what of PLANNING) failing.delete(`${what} ${id}`);
      }
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
