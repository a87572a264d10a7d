import type { WatchRow } from '#bridge/contract.ts';
import { errorSentence, UserError } from '#bridge/errors.ts';
import type { BookFact, CalculatorFacts, ReversionFact, RulesFact, SpreadFacts } from '#bridge/facts.ts';
import { signRecord } from '#domain/decisions/carry-history.ts';
import { meanOfKnown, spreadHalfLife } from '#domain/decisions/measured.ts';
import { dailyVolatility, swingStop } from '#domain/decisions/stops.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { hourlySeries, type HourlySeries } from '#domain/series.ts';
import { HOUR_MS } from '#domain/time.ts';
import { inBase, inQuote, levelInQuote, refusalSentence } from '#domain/amounts.ts';
import type { MetricAnswers } from '../read/metrics/metrics.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import { fromHistory } from '../from-history.ts';
import type { OrderRules, OpenInterest, OrderBook } from '../venue.ts';

/** Volatility looks at the closes of 72 hours and the one before. */
const CLOSES = 73;
const BOOK_LEVELS = 200;
const PAST_HOURS = 90 * 24;
/** Both legs of a few carries. */
const PASTS_KEPT = 8;
/** A tail of a series needs what stood before it (`hourlySeries`). */
const LEAD_MS = 48 * HOUR_MS;

/** What a venue says of one instrument when it is asked; rejects with UserError in its words. */
export interface VenueAnswers {
  orderRules(id: InstrumentId): Promise<{ readonly rules: OrderRules; readonly at: number }>;
  book(id: InstrumentId): Promise<{ readonly book: OrderBook; readonly at: number }>;
  openInterest(id: InstrumentId): Promise<{ readonly openInterest: OpenInterest; readonly at: number } | null>;
}

export interface DecisionsOptions {
  readonly store: Pick<HistoryStore, 'settled' | 'hours' | 'prices'>;
  readonly metrics: Pick<MetricAnswers, 'series'>;
  readonly log: Log;
  readonly venue: VenueAnswers;
  readonly row: (id: InstrumentId) => WatchRow;
  readonly closedTo: (id: InstrumentId) => number;
  /** Its venue accrues all the time (`accruesContinuously`). */
  readonly accrues: (id: InstrumentId) => boolean;
}

/** What calculators fill themselves with. */
export interface Decisions {
  readonly facts: (id: InstrumentId) => Promise<CalculatorFacts>;
  /** Stored history of the instrument changed. */
  readonly forget: (id: InstrumentId) => void;
  readonly spread: (input: { readonly long: InstrumentId | null; readonly short: InstrumentId | null }) => Promise<SpreadFacts>;
}

interface Past {
  readonly closes: Float64Array;
  readonly reversion: ReversionFact | null;
}

type Missing = CalculatorFacts['missing'][number];

export function createDecisions({ store, metrics, log, venue, row, closedTo, accrues }: DecisionsOptions): Decisions {
  const pasts = new Map<InstrumentId, { readonly to: number; readonly past: Promise<Past> }>();

  /** Closes of the last hours: as observed, else the venue's candle; NaN a gap. */
  async function closesOf(id: InstrumentId, to: number): Promise<Float64Array> {
    const from = to - CLOSES * HOUR_MS;
    const [hours, candles] = await fromHistory(Promise.all([store.hours(id, from, to), store.prices(id, from, to)]));
    const closes = new Float64Array(CLOSES).fill(NaN);
    const put = (times: Float64Array, ...columns: Float64Array[]): void => {
      for (const [i, t] of times.entries()) {
        const price = columns.map((column) => column[i] ?? NaN).find((value) => value > 0);
        if (price !== undefined) closes[(t - from) / HOUR_MS - 1] = price;
      }
    };
    put(candles.close, candles.mark, candles.last);
    put(hours.close, hours.mark);
    return closes;
  }
  async function seriesOf(id: InstrumentId, from: number, to: number): Promise<HourlySeries> {
    const [settled, hours] = await fromHistory(Promise.all([store.settled(id, from - LEAD_MS, to), store.hours(id, from - LEAD_MS, to)]));
    return hourlySeries(settled, hours, from, to, accrues(id));
  }
  /** How fast its funding returns to its mean, by the metric that the screen shows. */
  async function reversionOf(id: InstrumentId, to: number): Promise<ReversionFact | null> {
    const [halfLife, { f }] = await Promise.all([
      metrics.series({ instrument: id, choice: { metric: 'half-life', params: {} }, list: null, from: null }),
      seriesOf(id, to - PAST_HOURS * HOUR_MS, to),
    ]);
    const halfLifeH = halfLife.value.at(-1) ?? NaN;
    const meanPerHour = meanOfKnown(f);
    return halfLifeH > 0 && meanPerHour !== null ? { meanPerHour, halfLifeH } : null;
  }
  async function readPast(id: InstrumentId, to: number): Promise<Past> {
    const [closes, reversion] = await Promise.all([closesOf(id, to), reversionOf(id, to)]);
    return { closes, reversion };
  }
  /** A calculator that is open asks every few seconds; the past changes once an hour. */
  function pastOf(id: InstrumentId, to: number): Promise<Past> {
    const known = pasts.get(id);
    if (known?.to === to) return known.past;
    const past = readPast(id, to);
    pasts.set(id, { to, past });
    past.catch(() => pasts.delete(id));
    for (const oldest of pasts.keys()) if (pasts.size > PASTS_KEPT) pasts.delete(oldest);
    return past;
  }
  async function rulesOf(id: InstrumentId): Promise<RulesFact> {
    const { rules, at } = await venue.orderRules(id);
    return { ...rules, notes: [...rules.notes], at };
  }
  async function bookOf(id: InstrumentId): Promise<BookFact> {
    const { book, at } = await venue.book(id);
    const isInverse = row(id).instrument.contract === 'inverse';
    const side = (levels: readonly (readonly [string, string])[]): [string, string][] =>
      levels.slice(0, BOOK_LEVELS).map(([price, quantity]) => [price, isInverse ? levelInQuote(price, quantity) : quantity]);
    return { bids: side(book.bids), asks: side(book.asks), at: book.at ?? at };
  }

  /** As polled; where polls bring none, as the venue says when asked. */
  async function interestOf(id: InstrumentId, known: WatchRow): Promise<{ amount: number; at: number } | null> {
    if (known.openInterest !== null && known.observedAt !== null)
      return { amount: known.openInterest, at: known.openInterestAt ?? known.observedAt };
    const answer = await venue.openInterest(id);
    if (answer === null) return null;
    const { amount, counted, at } = answer.openInterest;
    const { value, refusal } = inBase(amount, counted, known.instrument, known.mark);
    if (refusal !== null) throw new UserError('not-found', refusalSentence(refusal));
    return { amount: value, at: at ?? answer.at };
  }

  return {
    async facts(id) {
      const known = row(id);
      const to = closedTo(id);
      const missing: Missing[] = [];
      const part = async <T>(what: Missing['what'], asked: Promise<T>): Promise<T | null> => {
        try {
          return await asked;
        } catch (error) {
          const told = error instanceof UserError;
          if (!told) log.write('error', 'decisions', `${what} of ${id} failed`, { error: String(error) });
          missing.push({ what, why: told ? error.message : errorSentence.internal });
          return null;
        }
      };
      const [rules, book, interest, history] = await Promise.all([
        part('rules', rulesOf(id)),
        part('book', bookOf(id)),
        part('openInterest', interestOf(id, known)),
        part('history', pastOf(id, to)),
      ]);
      const quote = quoteFault(known);
      if (quote !== null) missing.push({ what: 'quote', why: quote });
      const { closes, reversion } = history ?? { closes: new Float64Array(0), reversion: null };
      return {
        instrument: known.instrument,
        observedAt: known.observedAt,
        mark: known.mark,
        index: known.index,
        ...currentFunding(known),
        intervalH: known.intervalH,
        continuous: accrues(id),
        openInterest: interest === null ? null : asPositions(interest.amount, known),
        openInterestAt: interest?.at ?? null,
        d: known.d,
        theta: known.params.theta,
        rules,
        book,
        swing: { long: swingStop(closes, 'long'), short: swingStop(closes, 'short') },
        volatility: dailyVolatility(closes),
        closesTo: history === null ? null : to,
        reversion,
        missing,
      };
    },

    forget: (id) => void pasts.delete(id),

    async spread({ long, short }) {
      const ids = [long, short].filter((id) => id !== null);
      if (ids.length === 0) throw new UserError('bad-input', 'Both legs are spot: no funding is paid. Choose a perpetual for one of them.');
      const to = Math.min(...ids.map(closedTo));
      const from = to - PAST_HOURS * HOUR_MS;
      const [paid, received] = await Promise.all([long, short].map(async (id) => (id === null ? null : seriesOf(id, from, to))));
      const spread = { time: new Float64Array(PAST_HOURS), value: new Float64Array(PAST_HOURS), stepH: new Float64Array(PAST_HOURS) };
      for (let i = 0; i < PAST_HOURS; i++) {
        const t = from + (i + 1) * HOUR_MS;
        const [a, b] = [at(paid, t), at(received, t)];
        spread.time[i] = t;
        spread.value[i] = b.f - a.f + 0;
        spread.stepH[i] = Math.max(a.stepH, b.stepH);
      }
      const first = spread.value.findIndex((value) => !Number.isNaN(value));
      const start = first < 0 ? PAST_HOURS : first;
      const history = spread.value.slice(start);
      const halfLifeH = spreadHalfLife(spread);
      // What the spread did before a gap that lasts to now says nothing of where it goes from here.
      const isThere = !Number.isNaN(spread.value.at(-1));
      const meanPerHour = isThere ? meanOfKnown(history) : null;
      return {
        history,
        from: from + start * HOUR_MS,
        to,
        reversion: halfLifeH !== null && meanPerHour !== null ? { meanPerHour, halfLifeH } : null,
        flips: signRecord(history),
      };
    },
  };
}

/** Rate per hour and interval of a leg at an hour close; spot (null) pays nothing and never settles. */
function at(series: HourlySeries | null | undefined, t: number): { f: number; stepH: number } {
  if (!series) return { f: 0, stepH: 0 };
  const i = (t - (series.time[0] ?? NaN)) / HOUR_MS;
  return { f: series.f[i] ?? NaN, stepH: series.intervalH[i] ?? NaN };
}

/** An estimate that was not renewed is none of now: the settlement that it was for may be long over. */
const currentFunding = ({ why, rate, nextFundingAt }: WatchRow): Pick<CalculatorFacts, 'rate' | 'nextFundingAt'> =>
  why === 'stale' ? { rate: null, nextFundingAt: null } : { rate, nextFundingAt };

/** Why price and rate cannot be trusted; null where they can. */
function quoteFault({ status, why, observedAt, mark, instrument }: WatchRow): string | null {
  if (status === 'unlisted') return `The venue no longer lists ${instrument.symbol}.`;
  if (observedAt === null) return 'The venue has not answered yet.';
  if (why === 'stale') return 'The price and rate are old: the venue has not renewed them for a while.';
  if (mark === null) return 'The venue gives no mark price for it.';
  return why === 'interval-unknown' ? 'It is not known how often it settles, so there is no funding figure.' : null;
}

/** As calculators count positions: inverse ones in quote money. */
const asPositions = (openInterest: number, { instrument, mark }: WatchRow): number | null =>
  instrument.contract === 'linear' ? openInterest : inQuote(openInterest, 'base', instrument, mark).value;
