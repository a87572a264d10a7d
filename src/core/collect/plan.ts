import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { Asked, SeriesKind } from '../ports/history-facts.ts';
import { resting, restingUntil } from './asked.ts';
import { covers, gapsOf, newestGap } from '../spans.ts';

const DAY_MS = 24 * HOUR_MS;
/** Everything shown at first is in here: the newest stretch comes before older ones of any instrument. */
export const WINDOW_MS = 35 * DAY_MS;
/** Older history comes in slices, the newest first, so that a kill or a switch of instrument loses little. */
const SLICE_MS = 180 * DAY_MS;

/** What is wanted of one instrument and what is there, as the store knows it. */
export interface Wanted {
  readonly instrument: Instrument;
  /** 0: looked at in a window, 1: watched or opened. */
  rank: number;
  /** History up to here is wanted. */
  to: number;
  /** A person wished everything to be asked for that was not since then (venue time); null: what did not come rests. */
  anew: number | null;
  /** Proven complete. */
  readonly known: Record<SeriesKind, readonly Span[]>;
  /** Asked for, and it did not come. */
  readonly asked: Record<SeriesKind, readonly Asked[]>;
  /** Stamp of the venue's oldest settlement; undefined: not asked yet. */
  oldest: number | undefined;
  readonly trouble: Record<SeriesKind, Trouble>;
}

/** What one kind of history has cost so far. The other kind goes on meanwhile. */
export interface Trouble {
  /** In a row. */
  failures: number;
  /** Of those the last ones in a row that the venue did answer, with nothing that could be used. */
  useless: number;
  /** Fetches in a row that ended before their stretch did. */
  long: number;
  /** Monotonic: not asked again before. */
  notBefore: number;
}

/** Nothing is known of it, and nothing is asked for until what is proven has been looked up. */
export function newWanted(instrument: Instrument, rank: number, to: number): Wanted {
  const trouble = (): Trouble => ({ failures: 0, useless: 0, long: 0, notBefore: Infinity });
  return {
    instrument,
    rank,
    to,
    anew: null,
    known: { settled: [], price: [] },
    asked: { settled: [], price: [] },
    oldest: undefined,
    trouble: { settled: trouble(), price: trouble() },
  };
}

interface Job {
  readonly wanted: Wanted;
  /** What fails where the job fails. */
  readonly kind: SeriesKind;
  readonly stage: number;
}

export type Task = (Job & { readonly ask: 'rows'; readonly from: number; readonly to: number }) | (Job & { readonly ask: 'oldest' });

export interface PlanOptions {
  /** The last stage that is planned. */
  readonly lastStage: number;
  /** Venue-corrected time, ms. */
  readonly now: number;
  /** Whether a kind of history may be asked for. */
  may(wanted: Wanted, kind: SeriesKind): boolean;
}

/** Stages in order: newest settlements, newest prices, older settlements, older prices. */
export const LAST_STAGE = 3;
/** Up to here it is the newest window: what rows and the chart's first view stand on. */
export const WINDOW_STAGE = 1;

/** Where the newest window begins: what is older comes after it. */
export const windowFrom = ({ to }: Wanted): number => to - WINDOW_MS;

const restingOf = ({ asked, anew }: Wanted, kind: SeriesKind, now: number): Asked[] =>
  resting(asked[kind], now).filter(({ at }) => anew === null || at >= anew);

/** That a stage had nothing to ask for, and what that rests on. */
interface Idle {
  readonly on: readonly unknown[];
  readonly from: number;
  readonly until: number;
}
/** By stage. Mostly all is there, and every tick looks at it: it is planned anew once one of these is another, or a rest is over. */
const idle = new WeakMap<Wanted, (Idle | undefined)[]>();

function taskOf(wanted: Wanted, stage: number, options: PlanOptions): Task | null {
  const kind: SeriesKind = stage % 2 === 0 ? 'settled' : 'price';
  if (!options.may(wanted, kind)) return null;
  const on = [wanted.known[kind], wanted.asked[kind], wanted.to, wanted.anew, wanted.oldest];
  const before = idle.get(wanted)?.[stage];
  if (before && options.now >= before.from && options.now < before.until && before.on.every((one, i) => one === on[i])) return null;
  const task = newTaskOf(wanted, kind, stage, options);
  // Whether its beginning may be asked for is told by the other kind.
  if (task === null && (kind === 'settled' || options.may(wanted, 'settled'))) {
    const stages = idle.get(wanted) ?? [];
    stages[stage] = { on, from: options.now, until: restingUntil(wanted.asked[kind], options.now) };
    idle.set(wanted, stages);
  }
  return task;
}

function newTaskOf(wanted: Wanted, kind: SeriesKind, stage: number, options: PlanOptions): Task | null {
  const { to, oldest } = wanted;
  const known = wanted.known[kind];
  if (stage <= WINDOW_STAGE ? covers(known, windowFrom(wanted), to) : covers(known, 0, windowFrom(wanted))) return null;
  const there = [...known, ...restingOf(wanted, kind, options.now)];
  const begin = windowFrom(wanted);
  /** With the other open stretches shortly before it, so that many small ones are few questions. */
  const gather = (gap: Span, from: number): Task => {
    const nearBy = gapsOf(there, Math.max(from, gap.to - WINDOW_MS), gap.to)[0];
    return { wanted, ask: 'rows', kind, from: Math.min(gap.from, nearBy?.from ?? gap.from), to: gap.to, stage };
  };
  if (stage <= WINDOW_STAGE) {
    const gap = newestGap(there, begin, to);
    if (gap === null) return null;
    // All that has not come since the newest proven row is asked for again with what is new: a venue that lags catches up.
    const open = gap.to === to ? newestGap(known, begin, to) : null;
    return gather(open === null || open.from === begin ? gap : open, begin);
  }
  if (newestGap(there, 0, begin) === null) return null;
  // A proven stretch from 0 on says that the venue has nothing older.
  const end = known[0]?.from === 0 ? 0 : oldest;
  if (end === undefined) return options.may(wanted, 'settled') ? { wanted, ask: 'oldest', kind: 'settled', stage } : null;
  const gap = newestGap(there, end, begin, SLICE_MS);
  return gap && gather(gap, end);
}

/**
 * What is to be asked of public files of (from, to] while nothing else answers: the newest stretch of settlements that is neither proven nor
 * asked for lately, of the instruments of the lowest rank first. No file is older than the listing.
 */
export function nextOfFiles(all: readonly Wanted[], { from, to }: Span, { now, may }: Pick<PlanOptions, 'now' | 'may'>): Task | null {
  for (const wanted of [...all].sort((a, b) => a.rank - b.rank)) {
    if (!may(wanted, 'settled')) continue;
    const there = [...wanted.known.settled, ...restingOf(wanted, 'settled', now)];
    const begin = Math.max(from, (wanted.instrument.listedAt ?? 0) - 1);
    const gap = newestGap(there, begin, Math.min(to, wanted.to), SLICE_MS);
    if (gap !== null) return { wanted, ask: 'rows', kind: 'settled', ...gap, stage: LAST_STAGE };
  }
  return null;
}

/** The next thing to ask of a venue: stage by stage, in each the instruments of the lowest rank first. */
export function nextTask(all: readonly Wanted[], options: PlanOptions): Task | null {
  const ranked = [...all].sort((a, b) => a.rank - b.rank);
  for (let stage = 0; stage <= options.lastStage; stage++) {
    for (const wanted of ranked) {
      const task = taskOf(wanted, stage, options);
      if (task) return task;
    }
  }
  return null;
}
