import type { VenueHealth } from '#bridge/contract.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { SETTLEMENT_SLACK_MS, settlementKey, type Span } from '#domain/time.ts';
import { afterAsking, DAY_MS, stillOpen } from './asked.ts';
import { isMissing } from '../asked-for.ts';
import { backoffMs } from './backoff.ts';
import { toVenueError } from './classify.ts';
import type { DueList } from './due.ts';
import { createFetcher } from './fetch.ts';
import { createFilesFill } from './files-fill.ts';
import { createHoleNews } from './hole-news.ts';
import { createInTurn } from '../in-turn.ts';
import type { Reporter } from '../reporter.ts';
import { LAST_STAGE, newWanted, nextOfFiles, nextTask, type Task, type Wanted, windowFrom, WINDOW_STAGE } from './plan.ts';
import type { Canceller, Clock } from '../ports/clock.ts';
import type { Asked, SeriesKind } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import { VenueError, type VenueFailure } from '../venue-error.ts';
import type { VenueLink } from './venue-link.ts';
import type { RefusedRow, Venue, VenueFiles, VenueIo } from '../venue.ts';
import { gapsOf } from '../spans.ts';

/** Requests in flight per venue beside its poll; the second never does older history, so that what is new finds a free hand. */
const SLOTS = [LAST_STAGE, WINDOW_STAGE];
/** A failing instrument waits longer than a failing poll: 16 s ceiling at first. */
const FAILURE_HEAD_START = 4;
/** The venue answers, but not with this history: after so many times in a row it counts as not served, and is asked for daily. */
const USELESS_TIMES = 3;
/** The longest rest of an instrument whose stretches do not end. */
const LONGEST_REST_MS = 3_600_000;
const USELESS: ReadonlySet<VenueFailure> = new Set(['malformed', 'empty', 'too-large']);

/** One venue's settlements and prices: those due now, the newest window, then back to its oldest. */
export interface Backfill {
  /** History of the instrument up to `to` is wanted; `isFirst`: before that of the others. */
  want(instrument: Instrument, to: number, isFirst: boolean): void;
  /** Only these instruments stay wanted; `first` of them before the others. */
  keep(ids: ReadonlySet<InstrumentId>, first: ReadonlySet<InstrumentId>): void;
  /** The history is another one now: what is proven and what was asked is looked up and begun anew. */
  reload(): void;
  /** Starts what can be started; called when anything may have changed. */
  pump(): void;
  /** A person asks for everything of it that is not there, at once: also for what was asked for lately, and for older history where that is cancelled. */
  fill(instrument: Instrument, to: number): void;
  /** What was asked for by `fill` and is still to come waits for its own time again. */
  stopFilling(id: InstrumentId): void;
  /** What `fill` is still at. */
  filling(): VenueHealth['filling'];
  /** Drops requests in flight; they are planned anew. */
  cancel(): void;
  stop(): Promise<void>;
  /** Instruments with history still to come. */
  pending(): number;
  /** Instruments of which the venue does not serve a part: it is asked for daily. */
  unserved(): number;
  /** These parts, the newest first; no more than a screen holds. */
  holes(): VenueHealth['holes'];
}

const KINDS: readonly SeriesKind[] = ['settled', 'price'];
const MOST_HOLES = 20;
/** So long a history is expected until it is known how long it is: for progress alone. */
const ASSUMED_MS = 3 * 365 * DAY_MS;
/** Rests for an hour. */
const EDGE_MS = 3_600_000;
/** What did not come of what is wanted, but for the newest minutes. */
const lacking = ({ asked, to }: Wanted): (Asked & { readonly kind: SeriesKind })[] =>
  KINDS.flatMap((kind) =>
    asked[kind].filter((one) => Math.min(one.to, to) - one.from > SETTLEMENT_SLACK_MS).map((one) => ({ ...one, kind })),
  );

/** Its newest rows are awaited: some of the window came, or nothing was asked of it before, for an answer may be empty once. */
const mayCome = (target: Wanted, kind: SeriesKind): boolean =>
  target.known[kind].some(({ to }) => to > windowFrom(target)) || target.asked[kind].every(({ to }) => to <= windowFrom(target));

interface Job {
  readonly target: Wanted;
  readonly kind: SeriesKind;
  /** Null for a settlement that is due. */
  readonly task: Task | null;
  readonly run: (io: VenueIo) => Promise<void>;
  /** Whom it asks. */
  readonly link: VenueLink;
}

/** The venue's public files, and the way to them. */
export interface FilesSource {
  readonly files: VenueFiles;
  readonly link: VenueLink;
}

export interface BackfillOptions {
  readonly venue: Venue;
  readonly link: VenueLink;
  readonly source: FilesSource | null;
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly dues: DueList;
  readonly random: () => number;
  newCanceller(): Canceller;
  /** The venue is on and answers. */
  ready(): boolean;
  /** What is older than the newest window is wanted: it is not cancelled. */
  older(): boolean;
  /** It is on, and refuses this connection: its files are asked instead. */
  blocked(): boolean;
  /** Venue-corrected time. */
  readonly now: () => number;
  onRefused(rows: readonly RefusedRow[]): void;
  /** A page was stored; `recent`: values on screen may rest on it. Nothing before `changedFrom` is new. */
  onStored(id: InstrumentId, recent: boolean, changedFrom: number): void;
  onArrived(id: InstrumentId): void;
  onChange(): void;
}

export function createBackfill(options: BackfillOptions): Backfill {
  const { venue, link, source, clock, store, reporter, log, dues, now } = options;
  const wanted = new Map<InstrumentId, Wanted>();
  const busy = new Set<InstrumentId>();
  const loading = createInTurn();
  /** What a person asked to be filled, with the most that was still to come of it. */
  const filling = new Map<InstrumentId, number>();
  const running: (Promise<void> | null)[] = SLOTS.map(() => null);
  let canceller = options.newCanceller();
  let stopped = false;

  const { fetch, fetchFiles } = createFetcher(options);
  const { deepest, fillFromFiles } = createFilesFill({ ...options, fetchFiles, signal: () => canceller.signal });
  const tellHoles = createHoleNews(options);

  /** What of (from, to] did not come is asked for again later, as what has been asked for `longMs` by now; a next start knows it too. */
  async function remember(target: Wanted, kind: SeriesKind, { from, to }: Span, longMs: number): Promise<void> {
    // The newest minutes are nowhere told of yet: they come with the next hour's question.
    const edge = Math.max(from, Math.min(to, target.to - SETTLEMENT_SLACK_MS));
    const edgeMs = to > target.to ? longMs : Math.max(longMs, EDGE_MS);
    const at = Math.round(now());
    const proven = target.known[kind];
    const before = afterAsking(target.asked[kind], proven, { from, to: edge, at, since: at - longMs });
    await keepAsked(target, kind, afterAsking(before, proven, { from: edge, to, at, since: at - edgeMs }));
  }
  /** An answer that could be read leaves holes, which rest for a day; of what no row follows yet `edgeMs` counts. */
  async function rememberHoles(target: Wanted, kind: SeriesKind, { from, to }: Span, edgeMs: number): Promise<void> {
    const edge = Math.min(to, Math.max(from, target.known[kind].at(-1)?.to ?? 0));
    await remember(target, kind, { from, to: edge }, DAY_MS);
    await remember(target, kind, { from: edge, to }, edgeMs);
  }
  async function keepAsked(target: Wanted, kind: SeriesKind, asked: readonly Asked[]): Promise<void> {
    if (asked.length === 0 && target.asked[kind].length === 0) return;
    target.asked[kind] = asked;
    await reporter.guard('remember what did not come', () => store.recordAsked(target.instrument.id, kind, asked, now()));
  }

  async function perform(task: Task, io: VenueIo): Promise<void> {
    const { wanted: target, stage } = task;
    if (task.ask === 'oldest') return learnOldest(target, io);
    const { kind, from, to } = task;
    const recent = stage <= WINDOW_STAGE;
    const began = clock.monotonic();
    const { ended, unread } = await fetch(target, kind, { from, to }, recent, io);
    const trouble = target.trouble[kind];
    if (!ended) {
      // Others have their turn: each time twice as long, for a stretch without an end.
      trouble.notBefore = clock.monotonic() + Math.min(LONGEST_REST_MS, (clock.monotonic() - began) * 2 ** trouble.long);
      trouble.long += 1;
      return;
    }
    trouble.long = 0;
    if (kind === 'settled') await fillFromFiles(target, { from, to });
    if (unread) await remember(target, kind, { from, to }, 0);
    else await rememberHoles(target, kind, { from, to }, recent && mayCome(target, kind) ? 0 : DAY_MS);
    if (kind === 'settled') await tellHoles(target.instrument.id, { from, to });
  }

  async function learnOldest(target: Wanted, io: VenueIo): Promise<void> {
    const { id, symbol } = target.instrument;
    const oldest = await venue.oldest(io, symbol);
    if (oldest === null || oldest > now()) {
      for (const kind of KINDS) await remember(target, kind, { from: 0, to: windowFrom(target) }, DAY_MS);
      return;
    }
    target.oldest = (await deepest(target, oldest)) - 1;
    // Nothing is older: said as a proven stretch from 0 on, a later start need not ask again.
    const end = {
      settled: Math.min(target.oldest, target.known.settled[0]?.from ?? Infinity),
      // Stamps are late: the price at the first settlement's own hour is one to ask for.
      price: settlementKey(oldest) - 1,
    };
    for (const kind of KINDS) {
      const whole = { from: 0, to: end[kind] };
      await reporter.write('store where a history begins', () =>
        kind === 'price' ? store.recordPrices(id, [], now(), whole) : store.recordSettled(id, [], now(), whole),
      );
      target.known[kind] = await store.spans(id, kind);
      await keepAsked(target, kind, stillOpen(target.asked[kind], target.known[kind]));
    }
    options.onStored(id, false, Infinity);
  }

  /** Nothing else answers: what is not published stays a gap, and is asked for daily. */
  async function performFiles(target: Wanted, { from, to }: Span, files: VenueFiles, io: VenueIo): Promise<void> {
    const { unread } = await fetchFiles(target, files, { from, to }, io);
    await remember(target, 'settled', { from, to }, unread ? 0 : DAY_MS);
    await tellHoles(target.instrument.id, { from, to });
  }

  async function performDue(target: Wanted, key: number, io: VenueIo): Promise<void> {
    const { newest } = await fetch(target, 'settled', { from: key - 1, to: now() }, true, io);
    if (newest < key) return;
    dues.arrived(target.instrument.id, key);
    options.onArrived(target.instrument.id);
  }

  /** The venue answers, but not with this: it is left alone for a while, after some times for a day, and by a next start too. */
  async function leaveUnserved({ wanted: target, kind, ...task }: Task): Promise<void> {
    const older = { from: 0, to: windowFrom(target) };
    if (task.ask === 'rows' && task.stage > WINDOW_STAGE) return remember(target, kind, task, 0);
    if (task.ask === 'rows') return remember(target, kind, { from: 0, to: task.to + DAY_MS }, 0);
    for (const one of KINDS) await remember(target, one, older, 0);
  }

  const rested = ({ trouble }: Wanted, kind: SeriesKind): boolean => trouble[kind].notBefore <= clock.monotonic();

  /** The next job of a slot, or null. */
  function pick(lastStage: number): Job | null {
    const due = dues.take(venue.id, now(), busy);
    const dueTarget = due && wanted.get(due.id);
    if (due && dueTarget) return { target: dueTarget, kind: 'settled', task: null, run: (io) => performDue(dueTarget, due.key, io), link };
    const asked = lastStage === LAST_STAGE ? free().filter(({ anew }) => anew !== null) : [];
    const task =
      nextTask(asked, { lastStage, now: now(), may: rested }) ??
      nextTask(free(), { lastStage: atMost(lastStage), now: now(), may: rested });
    return task && { target: task.wanted, kind: task.kind, task, run: (io) => perform(task, io), link };
  }
  const atMost = (stage: number): number => (options.older() ? stage : Math.min(stage, WINDOW_STAGE));
  function pickOfFiles({ files, link: way }: FilesSource): Job | null {
    const span = { from: files.from, to: files.until(now()) };
    const task = nextOfFiles(free(), span, { now: now(), may: rested });
    if (task === null || task.ask !== 'rows') return null;
    return { target: task.wanted, kind: 'settled', task, run: (io) => performFiles(task.wanted, task, files, io), link: way };
  }
  const free = (): Wanted[] => [...wanted.values()].filter((one) => !busy.has(one.instrument.id));

  async function work({ target, kind, task, run, link: way }: Job): Promise<void> {
    const { signal } = canceller;
    const trouble = target.trouble[kind];
    try {
      await run(way.io('background', signal));
      Object.assign(trouble, { failures: 0, useless: 0 });
    } catch (thrown) {
      const error = toVenueError(venue.name, thrown);
      if (error.kind === 'cancelled') return;
      way.note(error);
      trouble.failures += 1;
      // A store that fails is not the venue's silence.
      trouble.useless = thrown instanceof VenueError && USELESS.has(error.kind) ? trouble.useless + 1 : 0;
      const restMs = backoffMs(trouble.failures + FAILURE_HEAD_START, options.random);
      trouble.notBefore = clock.monotonic() + restMs;
      const { symbol } = target.instrument;
      log.write('warn', venue.id, `${kind} history of ${symbol}: ${error.message}`, { failures: trouble.failures, restMs });
      if (task === null || trouble.useless < USELESS_TIMES) return;
      trouble.failures = 0;
      await leaveUnserved(task);
    }
  }

  const backfill: Backfill = {
    want(instrument, to, isFirst) {
      const rank = isFirst ? 0 : 1;
      const there = wanted.get(instrument.id);
      if (there) {
        there.to = Math.max(there.to, to);
        there.rank = rank;
        backfill.pump();
        return;
      }
      begin(instrument, rank, to);
    },
    keep(ids, first) {
      for (const [id, one] of wanted) {
        if (ids.has(id)) one.rank = first.has(id) ? 0 : 1;
        else {
          wanted.delete(id);
          dues.forget(id);
        }
      }
    },
    reload() {
      backfill.cancel();
      for (const { instrument, rank, to } of [...wanted.values()]) begin(instrument, rank, to);
      for (const id of filling.keys()) backfill.stopFilling(id);
    },
    fill(instrument, to) {
      if (!wanted.has(instrument.id)) begin(instrument, 0, to);
      const target = wanted.get(instrument.id);
      if (target === undefined) return;
      target.to = Math.max(target.to, to);
      target.anew = Math.floor(now());
      filling.set(instrument.id, 0);
      for (const kind of KINDS) if (target.trouble[kind].notBefore < Infinity) target.trouble[kind].notBefore = 0;
      backfill.pump();
      options.onChange();
    },
    stopFilling(id) {
      filling.delete(id);
      const target = wanted.get(id);
      if (target !== undefined) target.anew = null;
      if (busy.has(id)) backfill.cancel();
      options.onChange();
    },
    filling() {
      return [...filling].map(([instrument, whole]) => {
        const target = wanted.get(instrument);
        const leftMs = target === undefined ? 0 : leftOf(target);
        filling.set(instrument, Math.max(whole, leftMs));
        return { instrument, leftMs, wholeMs: Math.max(whole, leftMs) };
      });
    },
    pump() {
      if (stopped) return;
      endFilling();
      const answers = options.ready() && link.silentForMs() === 0;
      const instead = source !== null && options.older() && options.blocked() && source.link.silentForMs() === 0 ? source : null;
      if (!answers && instead === null) return;
      for (const [slot, lastStage] of SLOTS.entries()) {
        if (running[slot]) continue;
        const job = answers ? pick(lastStage) : instead === null ? null : pickOfFiles(instead);
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
      const plan = { lastStage: atMost(LAST_STAGE), now: now(), may: () => true };
      return all.filter(
        (one) => busy.has(one.instrument.id) || nextTask([one], plan) !== null || lacking(one).some((part) => !isMissing(part)),
      ).length;
    },
    unserved: () => [...wanted.values()].filter((one) => lacking(one).some(isMissing)).length,
    holes: () =>
      [...wanted.values()]
        .flatMap((one) => lacking(one).map((part) => ({ ...part, symbol: one.instrument.symbol, to: Math.min(part.to, one.to) })))
        .filter(isMissing)
        .sort((a, b) => b.to - a.to)
        .slice(0, MOST_HOLES)
        .map(({ symbol, kind, from, to }) => ({ symbol, kind, from: from === 0 ? null : from, to })),
  };

  function begin(instrument: Instrument, rank: number, to: number): void {
    const fresh = newWanted(instrument, rank, to);
    wanted.set(instrument.id, fresh);
    loading.add(async () => {
      await loadSpans(fresh);
      backfill.pump();
    });
  }

  /** Ms of both kinds that are neither proven nor asked for since the person wished it. */
  function leftOf({ instrument, known, asked, anew, oldest, to }: Wanted): number {
    return KINDS.reduce((sum, kind) => {
      const there = [...known[kind], ...asked[kind].filter(({ at }) => anew === null || at >= anew)];
      const begin = known[kind][0]?.from === 0 ? 0 : (oldest ?? instrument.listedAt ?? to - ASSUMED_MS);
      return sum + gapsOf(there, begin, to).reduce((ms, gap) => ms + gap.to - gap.from, 0);
    }, 0);
  }
  function endFilling(): void {
    for (const id of filling.keys()) {
      const target = wanted.get(id);
      const isLoaded = target !== undefined && KINDS.every((kind) => target.trouble[kind].notBefore < Infinity);
      if (target !== undefined && (!isLoaded || busy.has(id))) continue;
      if (target !== undefined && nextTask([target], { lastStage: LAST_STAGE, now: now(), may: () => true }) !== null) continue;
      filling.delete(id);
      if (target !== undefined) target.anew = null;
      options.onChange();
    }
  }

  async function loadSpans(target: Wanted): Promise<void> {
    const { id } = target.instrument;
    try {
      for (const kind of KINDS) {
        target.known[kind] = await store.spans(id, kind);
        target.asked[kind] = stillOpen(await store.asked(id, kind), target.known[kind]);
      }
      for (const trouble of Object.values(target.trouble)) trouble.notBefore = 0;
    } catch (error) {
      // Without its spans nothing is asked for it, better late than twice; the hourly round wants it anew.
      if (wanted.get(id) === target) wanted.delete(id);
      reporter.failed('read how far the history reaches', error);
    }
  }
  return backfill;
}
