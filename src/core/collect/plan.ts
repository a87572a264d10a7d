import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { SeriesKind } from '../ports.ts';
import { newestGap } from './spans.ts';

const DAY_MS = 24 * HOUR_MS;
/** Everything shown at first is in here: the newest stretch comes before older ones of any instrument. */
const WINDOW_MS = 35 * DAY_MS;
/** Older history comes in slices, the newest first, so that a kill or a switch of instrument loses little. */
const SLICE_MS = 180 * DAY_MS;

/** What is wanted of one instrument and what is there; spans are of the store, `asked` of this run. */
export interface Wanted {
  readonly instrument: Instrument;
  /** 0: selected, 1: watched or opened. */
  rank: number;
  /** History up to here is wanted. */
  to: number;
  readonly known: Record<SeriesKind, Span[]>;
  readonly asked: Record<SeriesKind, Span[]>;
  /** Stamp of the venue's oldest settlement; null: it has none; undefined: not asked yet. */
  oldest: number | null | undefined;
  readonly trouble: Record<SeriesKind, Trouble>;
}

/** What one kind of history has cost so far. The other kind goes on meanwhile. */
export interface Trouble {
  /** In a row. */
  failures: number;
  /** Of those the last ones in a row that the venue did answer, with nothing that could be used. */
  useless: number;
  /** Monotonic: not asked again before. */
  notBefore: number;
}

interface Job {
  readonly wanted: Wanted;
  /** What fails where the job fails. */
  readonly kind: SeriesKind;
  readonly stage: number;
}

export type Task = (Job & { readonly ask: 'rows'; readonly from: number; readonly to: number }) | (Job & { readonly ask: 'oldest' });

/** Whether a kind of history may be asked for. */
export type May = (wanted: Wanted, kind: SeriesKind) => boolean;

/** Stages in order: newest settlements, newest prices, older settlements, older prices. */
export const LAST_STAGE = 3;
/** Up to here it is the newest window: what rows and the chart's first view stand on. */
export const WINDOW_STAGE = 1;

function taskOf(wanted: Wanted, stage: number, may: May): Task | null {
  const kind: SeriesKind = stage % 2 === 0 ? 'settled' : 'price';
  if (!may(wanted, kind)) return null;
  const there = [...wanted.known[kind], ...wanted.asked[kind]];
  const windowFrom = wanted.to - WINDOW_MS;
  if (stage <= WINDOW_STAGE) {
    const gap = newestGap(there, windowFrom, wanted.to);
    // What was asked for but not proven (the newest minutes of the time before) is asked for again with it.
    const open = gap && newestGap(wanted.known[kind], windowFrom, gap.to);
    return open && { wanted, ask: 'rows', kind, ...open, stage };
  }
  // A proven stretch from 0 on says that the venue has nothing older.
  if (newestGap(there, 0, windowFrom) === null || wanted.oldest === null) return null;
  if (wanted.oldest === undefined) return may(wanted, 'settled') ? { wanted, ask: 'oldest', kind: 'settled', stage } : null;
  const gap = newestGap(there, wanted.oldest - 1, windowFrom, SLICE_MS);
  return gap && { wanted, ask: 'rows', kind, ...gap, stage };
}

/** The next thing to ask of a venue: stage by stage, in each the selected instrument first. */
export function nextTask(all: readonly Wanted[], lastStage: number, may: May): Task | null {
  const ranked = [...all].sort((a, b) => a.rank - b.rank);
  for (let stage = 0; stage <= lastStage; stage++) {
    for (const wanted of ranked) {
      const task = taskOf(wanted, stage, may);
      if (task) return task;
    }
  }
  return null;
}
