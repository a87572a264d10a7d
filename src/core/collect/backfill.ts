import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { settlementKey, type Span } from '#domain/time.ts';
import { backoffMs } from './backoff.ts';
import { toVenueError } from './classify.ts';
import type { DueList } from './due.ts';
import { findHoles } from './holes.ts';
import type { Journal } from '../journal.ts';
import { LAST_STAGE, type May, nextTask, type Task, type Wanted, WINDOW_STAGE } from './plan.ts';
import type { Canceller, Clock, HistoryStore, Log, SeriesKind } from '../ports.ts';
import { mergeSpans } from './spans.ts';
import type { VenueFailure } from '../venue-error.ts';
import type { VenueLink } from './venue-link.ts';
import type { RefusedRow, SettledRow, Venue, VenueIo } from '../venue.ts';

/** Requests in flight per venue beside its poll; the second never does older history, so that what is new finds a free hand. */
const SLOTS = [LAST_STAGE, WINDOW_STAGE];
/** A failing instrument waits longer than a failing poll: 16 s ceiling at first. */
const FAILURE_HEAD_START = 4;
/** The venue answers, but not with this history: after so many times in a row it counts as not served, and is asked for daily. */
const USELESS_TIMES = 3;
const NOT_SERVED_MS = 24 * 3_600_000;
const USELESS: ReadonlySet<VenueFailure> = new Set(['malformed', 'empty', 'too-large']);
const HOLE_MARGIN_MS = 3 * 24 * 3_600_000;

/** Infinity of none. */
const oldestOf = <T>(rows: readonly T[], timeOf: (row: T) => number): number =>
  rows.reduce((oldest, row) => Math.min(oldest, timeOf(row)), Infinity);

/** One venue's settlements and prices: those due now, the newest window, then back to its oldest. */
export interface Backfill {
  /** History of the instrument up to `to` is wanted; `selected` goes first. */
  want(instrument: Instrument, to: number, selected: boolean): void;
  /** Only these instruments stay wanted; one of them is selected or none. */
  keep(ids: ReadonlySet<InstrumentId>, selected: InstrumentId | null): void;
  /** The history is another one now: what is proven and what was asked is looked up and begun anew. */
  reload(): void;
  /** Starts what can be started; called when anything may have changed. */
  pump(): void;
  /** Drops requests in flight; they are planned anew. */
  cancel(): void;
  stop(): Promise<void>;
  /** Instruments with history still to come. */
  pending(): number;
  /** Instruments of which the venue does not serve settlements or prices. */
  unserved(): number;
}

interface Job {
  readonly target: Wanted;
  readonly kind: SeriesKind;
  readonly run: (io: VenueIo) => Promise<void>;
}

export interface BackfillOptions {
  readonly venue: Venue;
  readonly link: VenueLink;
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly journal: Journal;
  readonly log: Log;
  readonly dues: DueList;
  readonly random: () => number;
  newCanceller(): Canceller;
  /** The venue is on and answers. */
  ready(): boolean;
  /** Venue-corrected time. */
  readonly now: () => number;
  onRefused(rows: readonly RefusedRow[]): void;
  /** A page was stored; `recent`: values on screen may rest on it. Nothing before `changedFrom` is new. */
  onStored(id: InstrumentId, recent: boolean, changedFrom: number): void;
  onArrived(id: InstrumentId): void;
  onChange(): void;
}

export function createBackfill(options: BackfillOptions): Backfill {
  const { venue, link, clock, store, journal, log, dues, now } = options;
  const wanted = new Map<InstrumentId, Wanted>();
  const busy = new Set<InstrumentId>();
  const running: (Promise<void> | null)[] = SLOTS.map(() => null);
  const toldHoles = new Set<string>();
  let canceller = options.newCanceller();
  let stopped = false;

  async function tellHoles(id: InstrumentId, proven: Span, spans: readonly Span[]): Promise<void> {
    const { key } = await store.settled(id, proven.from - HOLE_MARGIN_MS, proven.to + HOLE_MARGIN_MS);
    for (const hole of findHoles(key, spans)) {
      const name = `${id}@${hole.to}`;
      if (toldHoles.has(name)) continue;
      toldHoles.add(name);
      const kept = await store.events(hole.to - 1, hole.to);
      if (kept.some((event) => event.kind === 'hole' && event.instrument === id)) continue;
      const hours = Math.round((hole.to - hole.from) / 3_600_000);
      const text = `${venue.name} has no settlement in the ${hours} h before this one`;
      journal.event({ at: hole.to, kind: 'hole', venue: venue.id, instrument: id, text });
    }
  }

  /** Asks for (from, to] and stores page by page; returns the newest settlement key that came. */
  async function fetch(target: Wanted, kind: SeriesKind, from: number, to: number, recent: boolean, io: VenueIo): Promise<number> {
    const { id, symbol } = target.instrument;
    let newest = -Infinity;
    const stored = async (proven: Span | null, changedFrom: number): Promise<void> => {
      if (proven) target.known[kind] = mergeSpans([...target.known[kind], proven]);
      if (proven && kind === 'settled') await tellHoles(id, proven, target.known.settled);
      options.onStored(id, recent, changedFrom);
    };
    if (kind === 'price') {
      for await (const { rows, proven, refused } of venue.prices(io, symbol, from, to)) {
        options.onRefused(refused ?? []);
        await journal.write('store prices', () => store.recordPrices(id, rows, proven));
        await stored(
          proven,
          oldestOf(rows, (row) => row.close),
        );
      }
      return newest;
    }
    for await (const { rows, proven, refused } of venue.settled(io, symbol, from, to)) {
      options.onRefused(refused);
      await journal.write('store settlements', () => recordSettled(id, rows, proven));
      for (const { stamp } of rows) newest = Math.max(newest, settlementKey(stamp));
      await stored(
        proven,
        oldestOf(rows, (row) => row.stamp),
      );
    }
    return newest;
  }

  async function recordSettled(id: InstrumentId, rows: readonly SettledRow[], proven: Span | null): Promise<void> {
    const at = now();
    const { conflicts } = await store.recordSettled(id, rows, at, proven);
    if (conflicts === 0) return;
    const text = `${venue.name} now gives other rates for ${conflicts} stored settlements; the first ones stay`;
    journal.event({ at, kind: 'conflict', venue: venue.id, instrument: id, text });
  }

  async function perform(task: Task, io: VenueIo): Promise<void> {
    const target = task.wanted;
    const { id, symbol } = target.instrument;
    if (task.ask === 'oldest') {
      target.oldest = await venue.oldest(io, symbol);
      return;
    }
    const { kind, from, to, stage } = task;
    await fetch(target, kind, from, to, stage <= WINDOW_STAGE, io);
    target.asked[kind] = mergeSpans([...target.asked[kind], { from, to }]);
    // The venue's whole past is here: said as a proven stretch from 0 on, a later start need not ask again.
    if (stage > WINDOW_STAGE && typeof target.oldest === 'number' && from < target.oldest) {
      const whole = { from: 0, to: target.oldest };
      const write = kind === 'price' ? () => store.recordPrices(id, [], whole) : () => recordSettled(id, [], whole);
      await journal.write('store the end of a history', write);
      target.known[kind] = mergeSpans([...target.known[kind], whole]);
    }
  }

  async function performDue(target: Wanted, key: number, io: VenueIo): Promise<void> {
    const provenTo = target.known.settled.at(-1)?.to ?? 0;
    const from = Math.max(provenTo, key - HOLE_MARGIN_MS);
    const newest = await fetch(target, 'settled', Math.min(from, key - 1), now(), true, io);
    if (newest < key) return;
    dues.arrived(target.instrument.id, key);
    options.onArrived(target.instrument.id);
  }

  const rested: May = ({ trouble }, kind) => trouble[kind].notBefore <= clock.monotonic();
  const served: May = ({ trouble }, kind) => trouble[kind].useless < USELESS_TIMES;

  /** The next job of a slot, or null. */
  function pick(lastStage: number): Job | null {
    const due = dues.take(venue.id, now(), busy);
    const dueTarget = due && wanted.get(due.id);
    if (due && dueTarget) return { target: dueTarget, kind: 'settled', run: (io) => performDue(dueTarget, due.key, io) };
    const free = [...wanted.values()].filter((one) => !busy.has(one.instrument.id));
    const task = nextTask(free, lastStage, rested);
    return task && { target: task.wanted, kind: task.kind, run: (io) => perform(task, io) };
  }

  async function work({ target, kind, run }: Job): Promise<void> {
    const { signal } = canceller;
    const trouble = target.trouble[kind];
    try {
      await run(link.io('background', signal));
      Object.assign(trouble, { failures: 0, useless: 0 });
    } catch (thrown) {
      const error = toVenueError(venue.name, thrown);
      if (error.kind === 'cancelled') return;
      link.note(error);
      trouble.failures += 1;
      trouble.useless = USELESS.has(error.kind) ? trouble.useless + 1 : 0;
      const restMs = served(target, kind) ? backoffMs(trouble.failures + FAILURE_HEAD_START, options.random) : NOT_SERVED_MS;
      trouble.notBefore = clock.monotonic() + restMs;
      const { symbol } = target.instrument;
      log.write('warn', venue.id, `${kind} history of ${symbol}: ${error.message}`, { failures: trouble.failures, restMs });
    }
  }

  const backfill: Backfill = {
    want(instrument, to, selected) {
      const rank = selected ? 0 : 1;
      const there = wanted.get(instrument.id);
      if (there) {
        there.to = Math.max(there.to, to);
        there.rank = rank;
        backfill.pump();
        return;
      }
      begin(instrument, rank, to);
    },
    keep(ids, selected) {
      for (const [id, one] of wanted) {
        if (ids.has(id)) one.rank = id === selected ? 0 : 1;
        else {
          wanted.delete(id);
          dues.forget(id);
        }
      }
    },
    reload() {
      backfill.cancel();
      for (const { instrument, rank, to } of [...wanted.values()]) begin(instrument, rank, to);
    },
    pump() {
      if (stopped || !options.ready() || link.silentForMs() > 0) return;
      for (const [slot, lastStage] of SLOTS.entries()) {
        if (running[slot]) continue;
        const job = pick(lastStage);
        if (!job) continue;
        const { id } = job.target.instrument;
        busy.add(id);
        running[slot] = work(job).then(() => {
          busy.delete(id);
          running[slot] = null;
          options.onChange();
          backfill.pump();
        });
      }
    },
    cancel() {
      canceller.abort();
      canceller = options.newCanceller();
    },
    async stop() {
      stopped = true;
      canceller.abort();
      await Promise.all(running.filter((work) => work !== null));
    },
    pending() {
      const all = [...wanted.values()];
      return all.filter((one) => busy.has(one.instrument.id) || nextTask([one], LAST_STAGE, served) !== null).length;
    },
    unserved: () => [...wanted.values()].filter((one) => !served(one, 'settled') || !served(one, 'price')).length,
  };

  function begin(instrument: Instrument, rank: number, to: number): void {
    const fresh: Wanted = {
      instrument,
      rank,
      to,
      known: { settled: [], price: [] },
      asked: { settled: [], price: [] },
      oldest: undefined,
      trouble: {
        settled: { failures: 0, useless: 0, notBefore: Infinity },
        price: { failures: 0, useless: 0, notBefore: Infinity },
      },
    };
    wanted.set(instrument.id, fresh);
    void loadSpans(fresh).then(() => backfill.pump());
  }

  async function loadSpans(target: Wanted): Promise<void> {
    const { id } = target.instrument;
    try {
      const [settled, price] = await Promise.all([store.spans(id, 'settled'), store.spans(id, 'price')]);
      target.known.settled = mergeSpans([...target.known.settled, ...settled]);
      target.known.price = mergeSpans([...target.known.price, ...price]);
      for (const trouble of Object.values(target.trouble)) trouble.notBefore = 0;
    } catch (error) {
      // Without its spans nothing is asked for it, better late than twice; the hourly round wants it anew.
      if (wanted.get(id) === target) wanted.delete(id);
      journal.failed('read how far the history reaches', error);
    }
  }
  return backfill;
}
