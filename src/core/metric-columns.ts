import type { MetricCell } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { wordOf } from '#domain/metrics/explain.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import type { Journal } from './journal.ts';
import { chosenOrNull, type Chosen } from './metric-choice.ts';
import type { FrameQuery } from './metric-frames.ts';
import type { LiveRow } from './metric-live.ts';
import type { Slice, Turns } from './turns.ts';

export interface ColumnOptions {
  readonly turns: Turns;
  readonly journal: Journal;
  /** Closed rows of the metric's frame. */
  readonly frame: (query: FrameQuery) => Promise<Frames[FrameKind]>;
  /** Rows of the frame are closed up to here. */
  closedTo(on: FrameKind, id: InstrumentId): number;
  /** The row in progress. */
  live(on: FrameKind, id: InstrumentId): LiveRow | null;
  choices(): readonly MetricChoice[];
  /** Cells of these instruments changed. */
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
}

/** The chosen metrics of every watched instrument: walked to the last close once, looked at again at every poll. */
export interface MetricColumns {
  /** In the order of the chosen columns. */
  cells(id: InstrumentId): MetricCell[];
  /** These are watched now. */
  follow(ids: ReadonlySet<InstrumentId>): void;
  /** Rows closed or stored history changed. */
  refresh(ids: Iterable<InstrumentId>): void;
  /** A poll said something new, or what it said has aged. */
  touch(ids: Iterable<InstrumentId>): void;
  /** Other metrics or parameters are chosen. */
  choose(): void;
  /** What is chosen reads this kind of frame. */
  uses(on: FrameKind): boolean;
  stop(): Promise<void>;
}

const WAITING: MetricCell = { value: null, reason: 'waiting', word: '' };
/** A settings file of another version named it. */
const UNKNOWN: MetricCell = { value: null, reason: 'unknown-metric', word: '' };

interface Column {
  readonly chosen: Chosen | null;
  run: MetricRun<FrameKind> | null;
  /** What the last closed value is called; it stands where the metric has no value between closes. */
  word: string;
  cell: MetricCell;
}

const keyOf = ({ metric, params }: MetricChoice): string => JSON.stringify([metric, Object.entries(params).sort()]);

export function createMetricColumns(options: ColumnOptions): MetricColumns {
  const { turns, journal } = options;
  const tracks = new Map<InstrumentId, ReadonlyMap<string, Column>>();
  let keys: string[] = [];
  let kinds: ReadonlySet<FrameKind> = new Set();
  const rebuilds = new Set<InstrumentId>();
  const looks = new Set<InstrumentId>();
  let draining: Promise<void> | null = null;
  let stopped = false;

  function columnsOf(before: ReadonlyMap<string, Column> | undefined): ReadonlyMap<string, Column> {
    return new Map(
      options.choices().map((choice) => {
        const key = keyOf(choice);
        const chosen = chosenOrNull(choice);
        return [key, before?.get(key) ?? { chosen, run: null, word: '', cell: chosen ? WAITING : UNKNOWN }];
      }),
    );
  }
  function wake(): void {
    if (stopped || kinds.size === 0) return;
    draining ??= drain().finally(() => {
      draining = null;
    });
  }
  async function drain(): Promise<void> {
    // The first turn ends the caller's: what one turn asks for is one piece of work.
    await Promise.resolve();
    const slice = turns.slice();
    while (!stopped) {
      if (looks.size > 0) await lookAgain(slice);
      const [id] = rebuilds;
      if (id === undefined) return;
      rebuilds.delete(id);
      try {
        await rebuild(id, slice);
      } catch (error) {
        journal.failed(`work out the columns of ${id}`, error);
      }
    }
  }
  /** Everything that is to be looked at again, in slices; told of at each end of a slice. */
  async function lookAgain(slice: Slice): Promise<void> {
    const changed = new Set<InstrumentId>();
    const tell = (): void => {
      if (changed.size > 0) options.onCells(changed);
      changed.clear();
    };
    for (const id of looks) {
      looks.delete(id);
      if (look(id)) changed.add(id);
      if (!slice.over()) continue;
      tell();
      await slice.pause();
    }
    tell();
  }
  function look(id: InstrumentId): boolean {
    const lives = new Map<FrameKind, LiveRow | null>();
    let changed = false;
    for (const column of tracks.get(id)?.values() ?? []) {
      if (column.chosen === null || column.run === null) continue;
      const { on } = column.chosen.metric;
      if (!lives.has(on)) lives.set(on, options.live(on, id));
      const cell = cellOf(column.chosen, column.run, lives.get(on) ?? null, column.word);
      if (cell.value === column.cell.value && cell.reason === column.cell.reason && cell.word === column.cell.word) continue;
      column.cell = cell;
      changed = true;
    }
    return changed;
  }

  async function rebuild(id: InstrumentId, slice: Slice): Promise<void> {
    const frames = new Map<string, Promise<Frames[FrameKind]>>();
    for (const column of tracks.get(id)?.values() ?? []) {
      if (column.chosen === null || stopped) continue;
      const { metric } = column.chosen;
      const key = metric.inputs.includes('seen60') ? 'seen' : metric.on;
      const reading = frames.get(key) ?? options.frame({ on: metric.on, inputs: metric.inputs, id, to: options.closedTo(metric.on, id) });
      frames.set(key, reading);
      const frame = await reading;
      if (slice.over()) await slice.pause();
      const run = await walk(column.chosen, frame, frame.time.length, slice);
      column.word = wordAt(column.chosen, run, frame, frame.time.length - 1);
      column.run = run;
    }
    looks.add(id);
  }

  return {
    cells(id) {
      const columns = tracks.get(id);
      return keys.map((key) => columns?.get(key)?.cell ?? WAITING);
    },
    follow(ids) {
      for (const id of tracks.keys()) if (!ids.has(id)) tracks.delete(id);
      for (const id of ids) {
        if (tracks.has(id)) continue;
        tracks.set(id, columnsOf(undefined));
        rebuilds.add(id);
      }
      wake();
    },
    refresh(ids) {
      for (const id of ids) if (tracks.has(id)) rebuilds.add(id);
      wake();
    },
    touch(ids) {
      for (const id of ids) if (tracks.has(id)) looks.add(id);
      wake();
    },
    choose() {
      const choices = options.choices();
      keys = choices.map(keyOf);
      kinds = new Set(choices.flatMap((choice) => chosenOrNull(choice)?.metric.on ?? []));
      for (const [id, before] of tracks) {
        tracks.set(id, columnsOf(before));
        rebuilds.add(id);
      }
      wake();
    },
    uses: (on) => kinds.has(on),
    async stop() {
      stopped = true;
      await draining;
    },
  };
}

/** The metric over the first `rows` rows; every row is in the run, as `evaluate` does it, but the thread is shared. */
export async function walk(
  { metric, params }: Chosen,
  frame: Frames[FrameKind],
  rows: number,
  slice: Slice,
  see?: (row: number, run: MetricRun<FrameKind>) => void,
): Promise<MetricRun<FrameKind>> {
  const run = new MetricRun<FrameKind>(metric, params);
  for (let row = 0; row < rows; row++) {
    run.push(frame, row);
    see?.(row, run);
    if (row % 32 === 31 && slice.over()) await slice.pause();
  }
  return run;
}

/** What the last closed value is called. */
export const wordAt = ({ metric, params }: Chosen, run: MetricRun<FrameKind>, frame: Frames[FrameKind], row: number): string =>
  Number.isNaN(run.value) ? '' : wordOf(metric, run.value, params, run.audit(frame, row).parts ?? {});

/** What is shown now: the value of the row in progress, or why there is none. */
export function cellOf({ metric, params }: Chosen, run: MetricRun<FrameKind>, live: LiveRow | null, closedWord: string): MetricCell {
  if (live === null) return { value: null, reason: 'gap', word: '' };
  const closed = run.value;
  run.live(live.frame, 0, live.stale);
  const reason = reasonOf(run.liveReason);
  if (reason !== null) return { value: null, reason, word: '' };
  const value = run.liveValue;
  // A metric without a value between closes keeps the closed one, and its word.
  const word = Object.is(value, closed) ? closedWord : wordOf(metric, value, params, run.audit(live.frame, 0).parts ?? {});
  return { value, reason: null, word };
}
