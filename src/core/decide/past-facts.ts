import type { Moment } from '#bridge/as-of.ts';
import type { CalculatorFacts, SpreadFacts } from '#bridge/facts.ts';
import { UserError } from '#bridge/errors.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { BOOK_STALE_MS, bookAt, orderBookOf } from '../book-ladder.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Answers } from '../read/answers.ts';
import { historyAsOf } from '../read/history-as-of.ts';
import { type Then, thenOf } from '../read/then.ts';
import { createDecisions, type Decisions, type DecisionsOptions, type VenueAnswers } from './decisions.ts';

export interface PastFactsOptions extends Pick<DecisionsOptions, 'log' | 'accrues'> {
  readonly store: HistoryStore;
  readonly at: (moment: Moment) => Promise<Answers>;
}

/** What calculators would have been filled with at a moment; what was not kept of it stands in `missing`. */
export interface PastFacts {
  facts(id: InstrumentId, moment: Moment): Promise<CalculatorFacts>;
  spread(input: { readonly long: InstrumentId | null; readonly short: InstrumentId | null }, moment: Moment): Promise<SpreadFacts>;
}

export function createPastFacts({ store, log, accrues, at }: PastFactsOptions): PastFacts {
  async function decisionsAt(ids: readonly InstrumentId[], moment: Moment): Promise<Decisions> {
    const answers = await at(moment);
    const then = thenOf(moment);
    const rows = new Map(await Promise.all(ids.map(async (id) => [id, await answers.row(id)] as const)));
    const row = (id: InstrumentId) => {
      const found = rows.get(id);
      if (found === undefined) throw new UserError('not-found', `Of ${id} nothing was known then.`);
      return found;
    };
    return createDecisions({
      store: historyAsOf(store, then.known, then.at),
      metrics: answers,
      log,
      venue: recordedBy(store, then),
      row,
      closedTo: (id) => row(id).sparkEnd ?? Math.floor(then.at / HOUR_MS) * HOUR_MS,
      accrues,
    });
  }
  return {
    facts: async (id, moment) => (await decisionsAt([id], moment)).facts(id),
    async spread(input, moment) {
      const ids = [input.long, input.short].filter((id) => id !== null);
      return (await decisionsAt(ids, moment)).spread(input);
    },
  };
}

/** What was recorded of a venue's answers. */
function recordedBy(store: Pick<HistoryStore, 'orderRules' | 'books'>, { at, known }: Then): VenueAnswers {
  return {
    async orderRules(id) {
      // In venue time too: what it demanded later is of a later time.
      const found = await store.orderRules(id, at);
      if (found === null) throw new UserError('not-found', 'What the venue demanded of orders then was not recorded.');
      return { rules: found.rules, at: found.learntAt };
    },
    async book(id) {
      const columns = await store.books(id, at - BOOK_STALE_MS, at, known);
      const last = columns.at.at(-1);
      if (last === undefined)
        throw new UserError(
          'not-found',
          'No order book of then is kept: books are recorded while a chart or calculator is open, all of them for 7 days.',
        );
      return { book: { ...orderBookOf(bookAt(columns, columns.at.length - 1)), at: last }, at: last };
    },
    openInterest: () => Promise.resolve(null),
  };
}
