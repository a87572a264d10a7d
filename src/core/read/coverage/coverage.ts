import {
  type Coverage,
  type CoverageKind,
  coverageOf,
  dayOfHour,
  dayOfSettlement,
  type FetchedFacts,
  type ObservedFacts,
  whyNotFetched,
  whyNotObserved,
} from '#domain/coverage/calendar.ts';
import { heldHours, hourSlots, settledSlots, type Slots } from '#domain/coverage/slots.ts';
import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS, hourClose, type Span } from '#domain/time.ts';
import { isMissing } from '../../asked-for.ts';
import { gapsOf, mergeSpans } from '../../spans.ts';
import type { HistoryEvent, SeriesKind } from '../../ports/history-facts.ts';
import type { HistoryStore } from '../../ports/history.ts';
import { refusedMoment } from '../../refused-row.ts';

export type CoverageReads = Pick<
  HistoryStore,
  'settled' | 'prices' | 'hours' | 'snapshots' | 'books' | 'events' | 'spans' | 'asked' | 'thinned' | 'runs'
>;

/** What is looked at: an instrument as it is known, and up to when its venue's time has come. */
export interface CoverageSubject {
  readonly instrument: Instrument;
  /** Venue-corrected time, ms. */
  readonly now: number;
  /** Hours between settlements now; null: not known. */
  readonly intervalH: number | null;
}

const ALL = [-1, Number.MAX_SAFE_INTEGER] as const;
/** Polls are read day by day: how often a venue was asked is told by each day's own. */
const DAY_MS = 24 * HOUR_MS;
/** No poll is kept for longer. */
const POLLS_KEPT_MS = 32 * DAY_MS;

/** What of one kind of an instrument's history should be there, and is: day by day, with every hole and its reason. */
export async function readCoverage(reads: CoverageReads, kind: CoverageKind, subject: CoverageSubject): Promise<Coverage> {
  const away = mergeSpans(
    (await reads.thinned()).filter(({ what }) => what === 'archived').map(({ from, to }) => ({ from: from - 1, to })),
  );
  const isArchived = (t: number): boolean => away.some(({ from, to }) => from < t && t <= to);
  if (kind === 'settled' || kind === 'prices') {
    const series: SeriesKind = kind === 'settled' ? 'settled' : 'price';
    const [facts, proven] = await Promise.all([fetchedFacts(reads, series, subject), reads.spans(subject.instrument.id, series)]);
    const slots = kind === 'settled' ? await settled(reads, subject, proven, away) : await prices(reads, subject, proven, away);
    return coverageOf(slots, kind === 'settled' ? dayOfSettlement : dayOfHour, (t) =>
      isArchived(t) ? 'archived' : whyNotFetched(facts, t),
    );
  }
  const slots = kind === 'polls' ? await polls(reads, subject, away) : await books(reads, subject);
  const facts = await observedFacts(reads, kind, subject);
  return coverageOf(slots, dayOfHour, (t) =>
    isArchived(t) ? 'archived' : whyNotObserved(facts, t, kind === 'books' ? 'not-watched' : 'unknown'),
  );
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
const lifeEnd = ({ instrument, now }: CoverageSubject): number => Math.min(now, instrument.delistedAt ?? Infinity);

/** Since when what is away may have been stored: since the first of these stretches, in which it was proven or collected; Infinity: nothing is away. */
function awaySince(away: readonly Span[], stretches: readonly Span[]): number {
  const met = stretches.find(({ from, to }) => away.some((one) => one.from < to && from < one.to));
  return met === undefined ? Infinity : Math.max(met.from, away[0]?.from ?? Infinity);
}

/** `away`: stretches (from, to] that cannot be read now. */
async function settled(reads: CoverageReads, subject: CoverageSubject, proven: readonly Span[], away: readonly Span[]): Promise<Slots> {
  const { instrument, intervalH } = subject;
  const rows = await reads.settled(instrument.id, ...ALL, null, ['key', 'intervalH']);
  return settledSlots({
    key: rows.key,
    intervalH: rows.intervalH,
    intervalNowH: intervalH ?? NaN,
    life: { from: instrument.listedAt ?? orNull(awaySince(away, proven)), to: lifeEnd(subject) },
    proven: proven.flatMap(({ from, to }) => gapsOf(away, from, to)),
  });
}

/** From the venue's first candle, or the first settlement, to the last closed hour. */
async function prices(reads: CoverageReads, subject: CoverageSubject, proven: readonly Span[], away: readonly Span[]): Promise<Slots> {
  const { id, listedAt } = subject.instrument;
  const [{ close }, { key }] = await Promise.all([reads.prices(id, ...ALL, null, ['close']), reads.settled(id, ...ALL, null, ['key'])]);
  const first = Math.min(close[0] ?? Infinity, key[0] ?? Infinity);
  if (first === Infinity) return hourSlots({ from: 0, to: 0 }, new Map());
  // Proven back to 0: the venue has nothing older.
  const isWhole = proven[0]?.from === 0;
  // The first settlement's own hour is no whole one.
  const from = close[0] === first ? first - HOUR_MS : isWhole ? first : Math.min(first, listedAt ?? Infinity);
  // A candle is out some minutes after its hour.
  return hourSlots(
    { from: Math.min(from, awaySince(away, proven)), to: lifeEnd(subject) - HOUR_MS },
    new Map([...close].map((t) => [t, 1])),
  );
}

/** Hours since the first observation; of those whose polls are kept, the share of the hour that they cover. */
async function polls(reads: CoverageReads, subject: CoverageSubject, away: readonly Span[]): Promise<Slots> {
  const { instrument, now } = subject;
  const [{ close }, running] = await Promise.all([reads.hours(instrument.id, ...ALL, null, ['close']), reads.runs()]);
  const there = new Map([...close].map((t) => [t, 1]));
  const first = close[0];
  if (first === undefined) return hourSlots({ from: 0, to: 0 }, there);
  let kept = Infinity;
  for (let from = Math.floor(now / DAY_MS) * DAY_MS - POLLS_KEPT_MS; from < now; from += DAY_MS) {
    const { observedAt } = await reads.snapshots(instrument.id, from - 1, Math.min(now, from + DAY_MS));
    if (observedAt[0] === undefined) continue;
    // The hour in which keeping began is only in part of its polls.
    kept = Math.min(kept, hourClose(observedAt[0]) + HOUR_MS);
    for (const [hour, share] of heldHours(observedAt)) if (hour >= kept && there.has(hour)) there.set(hour, share);
  }
  const from = Math.min(first - HOUR_MS, Math.max(awaySince(away, running), instrument.listedAt ?? 0));
  return hourSlots({ from, to: Math.floor(lifeEnd(subject) / HOUR_MS) * HOUR_MS }, there);
}

/** Hours since the first order book: one in the hour is enough, as old ones are kept so. */
async function books(reads: CoverageReads, subject: CoverageSubject): Promise<Slots> {
  const there = new Map<number, number>();
  const { id } = subject.instrument;
  const { at } = await reads.books(id, ...ALL);
  for (const t of at) there.set(hourClose(t), 1);
  const first = at[0];
  if (first === undefined) return hourSlots({ from: 0, to: 0 }, there);
  return hourSlots({ from: hourClose(first) - HOUR_MS, to: Math.floor(lifeEnd(subject) / HOUR_MS) * HOUR_MS }, there);
}

async function fetchedFacts(reads: CoverageReads, kind: SeriesKind, { instrument }: CoverageSubject): Promise<FetchedFacts> {
  const [asked, events] = await Promise.all([reads.asked(instrument.id, kind), reads.events(...ALL)]);
  const refused = events
    .filter((event) => event.kind === 'refused' && event.instrument === instrument.id)
    .flatMap(({ text }) => refusedMoment(text) ?? [])
    .filter((one) => one.kind === kind)
    .map(({ at }) => at);
  return { notServed: asked.filter(isMissing), asked, refused };
}

async function observedFacts(reads: CoverageReads, kind: 'polls' | 'books', { instrument, now }: CoverageSubject): Promise<ObservedFacts> {
  const [events, running, thinned] = await Promise.all([reads.events(...ALL), reads.runs(), reads.thinned()]);
  const what = kind === 'books' ? 'books' : 'hours';
  return {
    running,
    down: outages(
      events.filter((event) => event.venue === instrument.venue && event.instrument === null),
      running,
      now,
    ),
    // Books that were thinned left one of each hour.
    deleted: what === 'books' ? [] : thinned.filter((one) => one.what === what).map(({ from, to }) => ({ from: from - 1, to })),
    refused: events
      .filter((event) => event.kind === 'refused' && event.instrument === instrument.id && refusedMoment(event.text) === null)
      .map(({ at }) => at),
  };
}

/**
 * From each outage that was told to the answer after it. One whose end was not told ended with what collected then; of before that was
 * kept, it is known of its hour alone.
 */
function outages(events: readonly HistoryEvent[], running: readonly Span[], now: number): Span[] {
  const spans: Span[] = [];
  const told = events.filter(({ kind }) => kind === 'outage' || kind === 'recovered');
  for (const [i, { at: from, kind }] of told.entries()) {
    if (kind !== 'outage') continue;
    const next = told[i + 1];
    const ended = running.find((run) => run.from <= from && from <= run.to)?.to ?? from + HOUR_MS;
    spans.push({ from, to: next?.kind === 'recovered' ? next.at : Math.min(ended, next?.at ?? now) });
  }
  return spans;
}
