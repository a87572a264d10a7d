import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { HourColumns, PriceColumns, SeenSettledColumns } from '#domain/columns.ts';
import type { FundingTerms, Stacked, Stretches } from '../ports/history-facts.ts';
import type { HistoryStore, Kept } from '../ports/history.ts';
import { GrowingColumns } from './growing-columns.ts';
import type { Then } from './then.ts';

const DAY_MS = 24 * HOUR_MS;
/** What is read of an instrument at first; what is held at least, so that a step either way asks for nothing older; and at most. */
const BACK_MS = 28 * DAY_MS;
const LEAST_MS = 21 * DAY_MS;
const MOST_MS = 70 * DAY_MS;
/** The newest rows are read again at each step: of an hour that was just over more may be known. */
export const AGAIN_MS = 2 * HOUR_MS;
/** Instruments of one answer: two readers share a long list, and neither is held up by it. */
const AT_ONCE = 25;
const TAILS_AT_ONCE = 50;

interface Held {
  /** Rows after this are held, up to `to`. */
  readonly from: number;
  to: number;
  readonly settled: GrowingColumns<Stretches['settled']['columns']>;
  readonly hours: GrowingColumns<Stretches['hours']['columns']>;
  readonly prices: GrowingColumns<Stretches['prices']['columns']>;
  thinned: readonly Span[];
  terms: readonly FundingTerms[];
}

/**
 * The weeks before a moment of every instrument on the screen, as of that moment: a step reads what lies between the two moments, of all
 * in one question, and everything else is at hand.
 */
export class HeldRows {
  readonly #store: Pick<HistoryStore, 'stretches'>;
  #held = new Map<InstrumentId, Held>();

  constructor(store: Pick<HistoryStore, 'stretches'>) {
    this.#store = store;
  }

  has(id: InstrumentId): boolean {
    return this.#held.has(id);
  }

  forget(id: InstrumentId): void {
    this.#held.delete(id);
  }

  /** Holds those of these instruments and no others. `isOther`: what is held of it is not what was known at the moment. */
  async stand(ids: readonly InstrumentId[], { at, known }: Then, isOther: (id: InstrumentId) => boolean): Promise<void> {
    const before = this.#held;
    const next = new Map<InstrumentId, Held>();
    // Half-way it holds rows of two moments: where a read fails, all are read again.
    this.#held = new Map();
    const [fresh, going]: [InstrumentId[], InstrumentId[]] = [[], []];
    let cut = at;
    for (const id of ids) {
      const held = before.get(id);
      const goesOn =
        held !== undefined && !isOther(id) && held.from <= at - LEAST_MS && at - held.from <= MOST_MS && held.to > at - BACK_MS;
      (goesOn ? going : fresh).push(id);
      if (goesOn) cut = Math.min(cut, held.to);
    }
    cut -= AGAIN_MS;
    const from = Math.max(0, at - BACK_MS);
    await Promise.all([
      ...pieces(fresh, AT_ONCE).map(async (some) => {
        const read = await this.#store.stretches(some, from, at, known);
        for (const [i, id] of some.entries()) next.set(id, { ...heldOf(read, i), from, to: at });
      }),
      ...pieces(going, TAILS_AT_ONCE).map(async (some) => {
        const read = await this.#store.stretches(some, cut, at, known);
        for (const [i, id] of some.entries()) {
          const held = before.get(id);
          if (held !== undefined) next.set(id, goOn(held, read, i, cut, at));
        }
      }),
    ]);
    this.#held = next;
  }

  /** Rows in (from, to]; null: not all of them are held. */
  settled<K extends keyof SeenSettledColumns>(id: InstrumentId, span: Span, only: readonly K[]): Pick<SeenSettledColumns, K> | null {
    return this.#of(id, span)?.settled.within(span.from, span.to, only) ?? null;
  }
  hours<K extends keyof HourColumns>(id: InstrumentId, span: Span, only: readonly K[]): Kept<Pick<HourColumns, K>> | null {
    const held = this.#of(id, span);
    return held === null ? null : { ...held.hours.within(span.from, span.to, only), thinned: held.thinned };
  }
  prices<K extends keyof PriceColumns>(id: InstrumentId, span: Span, only: readonly K[]): Pick<PriceColumns, K> | null {
    return this.#of(id, span)?.prices.within(span.from, span.to, only) ?? null;
  }
  terms(id: InstrumentId): readonly FundingTerms[] | null {
    return this.#held.get(id)?.terms ?? null;
  }
  #of(id: InstrumentId, { from }: Span): Held | null {
    const held = this.#held.get(id);
    return held === undefined || from < held.from ? null : held;
  }
}

function heldOf(read: Stretches, i: number): Omit<Held, 'from' | 'to'> {
  return {
    settled: new GrowingColumns('key', ...partOf(read.settled, i)),
    hours: new GrowingColumns('close', ...partOf(read.hours, i)),
    prices: new GrowingColumns('close', ...partOf(read.prices, i)),
    thinned: read.thinned[i] ?? [],
    terms: read.terms[i] ?? [],
  };
}

function goOn(held: Held, read: Stretches, i: number, cut: number, at: number): Held {
  held.settled.replaceAfter(cut, ...partOf(read.settled, i));
  held.hours.replaceAfter(cut, ...partOf(read.hours, i));
  held.prices.replaceAfter(cut, ...partOf(read.prices, i));
  held.to = at;
  held.thinned = [...held.thinned, ...(read.thinned[i] ?? [])];
  held.terms = read.terms[i] ?? [];
  return held;
}

const partOf = <C>({ columns, ends }: Stacked<C>, i: number): [columns: C, first: number, end: number] => [
  columns,
  ends[i - 1] ?? 0,
  ends[i] ?? 0,
];

function pieces<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}
