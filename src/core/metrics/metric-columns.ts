import type { MetricCell } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS } from '#domain/time.ts';
import { packRows, rowsWithin, samePacked } from './frame-tail.ts';
import type { Journal } from '../journal.ts';
import { chosenOrNull, type Chosen } from './metric-choice.ts';
import { type FrameBlock, rowKind } from './metric-frames.ts';
import type { LiveRow, Observe } from './metric-live.ts';
import type { MetricFeed, MetricSource } from './metric-source.ts';
import { cellOf, ofSubject, walkBlock, wordAt } from './metric-walk.ts';
import type { Slice, Turns } from '../turns.ts';

/** Closed rows of so long are compared before those after them are walked alone: what is stored late comes within it. */
export const overlapMs = (on: FrameKind): number => (on === 'bar' || on === 'book' ? HOUR_MS : 96 * HOUR_MS);

/** Rows in progress that are looked at between two looks at the clock. */
const LOOKS_AT_LEAST = 16;

export interface ColumnOptions {
  readonly turns: Turns;
  readonly journal: Pick<Journal, 'failed'>;
  readonly source: MetricSource;
  readonly choices: () => readonly MetricChoice[];
  /** Cells of these instruments changed. */
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
}

/**
 * The chosen metrics of every watched instrument. A run walks the stored history once, then each close as it comes, and looks
 * at the row in progress at every poll; it starts over only where the past itself has changed.
 */
export interface MetricColumns {
  /** In the order of the chosen columns. */
  cells(id: InstrumentId): MetricCell[];
  /** These are watched now. */
  follow(ids: ReadonlySet<InstrumentId>): void;
  /** Rows closed, or the stored history of the instrument changed from this time on. */
  refresh(id: InstrumentId, changedFrom: number): void;
  /** A poll said something new of these, or what it said has aged. */
  touch(ids: Iterable<InstrumentId>): void;
  /** Other metrics or parameters are chosen, or a list is another one. */
  choose(): void;
  /** Closes the bars that can close. */
  tick(): void;
  stop(): Promise<void>;
}

const WAITING: MetricCell = { value: null, reason: 'waiting', word: '' };
/** A settings file of another version named it. */
const UNKNOWN: MetricCell = { value: null, reason: 'unknown-metric', word: '' };

/** One metric of one instrument. */
interface Watched {
  readonly id: InstrumentId;
  readonly chosen: Chosen;
  /** Has taken in the closed rows; null: none of them yet. */
  run: MetricRun<FrameKind> | null;
  /** What the last closed value is called; it stands where the metric has no value between closes. */
  word: string;
  cell: MetricCell;
}

/** A metric of a line, and what looks at the row in progress for it. */
interface Looker {
  readonly one: Watched;
  readonly run: MetricRun<FrameKind>;
}

/** One line of closed rows and everything that walks it. */
interface Line {
  readonly feed: MetricFeed;
  readonly watched: Map<string, Watched>;
  /** Those that have walked its rows: those that the row in progress can change, and those that have a value at closes only. */
  moving: Looker[];
  still: Looker[];
  /** Some of the moving read the premium of the interval so far. */
  readsPremium: boolean;
  /** Instruments whose rows it is made of, as walked. */
  legs: string;
  /** Rows up to here were walked; -Infinity: none yet. */
  walkedTo: number;
  /** The newest of them, packed. */
  tail: Float64Array | null;
  changedFrom: number;
  /** Its runs are taking in rows. */
  walking: boolean;
  /** Its row in progress is to be looked at. */
  waiting: boolean;
  /** How its row in progress stood when the still ones were last looked at; null: they have closed since. */
  stood: 'none' | 'stale' | 'fresh' | null;
}

const keyOf = ({ metric, params }: MetricChoice): string => JSON.stringify([metric, Object.entries(params).sort()]);

export function createMetricColumns({ turns, journal, source, choices, onCells }: ColumnOptions): MetricColumns {
  let keys: string[] = [];
  let followed: ReadonlySet<InstrumentId> = new Set();
  let lines = new Map<string, Line>();
  let byLeg = new Map<InstrumentId, Set<Line>>();
  let cells = new Map<InstrumentId, Map<string, Watched>>();
  const unknown = new Set<string>();
  /** Lines whose rows are to be walked on, and lines whose row in progress changed. */
  const walks = new Set<Line>();
  let looks: Line[] = [];
  /** By column, of metrics that keep nothing of the rows before: one for all instruments is quicker to reach than one of each. */
  let shared = new Map<string, MetricRun<FrameKind>>();
  let walking: Promise<void> | null = null;
  let looking: Promise<void> | null = null;
  let stopped = false;

  /** Lines for what is chosen of what is followed; what was walked already is kept. */
  function arrange(): void {
    const before = new Map([...lines].map(([key, line]) => [key, { line, watched: new Map(line.watched) }]));
    lines = new Map();
    byLeg = new Map();
    cells = new Map();
    unknown.clear();
    shared = new Map();
    keys = choices().map(keyOf);
    const known = new Map<string, { readonly chosen: Chosen; readonly kind: string }>();
    for (const choice of choices()) {
      const chosen = chosenOrNull(choice);
      const key = keyOf(choice);
      if (chosen === null) {
        unknown.add(key);
        continue;
      }
      known.set(key, { chosen, kind: JSON.stringify(rowKind(chosen.metric, chosen.params)) });
    }
    for (const id of followed) {
      const own = new Map<string, Watched>();
      const feeds = new Map<string, MetricFeed>();
      for (const [key, { chosen, kind }] of known) {
        // Metrics that walk the same rows share them.
        const feed = feeds.get(kind) ?? source.feed(chosen, id);
        feeds.set(kind, feed);
        const old = before.get(feed.key);
        const line = lines.get(feed.key) ?? lineOf(feed, old?.line);
        const name = `${id} ${key}`;
        const watched = old?.watched.get(name) ?? { id, chosen, run: null, word: '', cell: WAITING };
        line.watched.set(name, watched);
        if (watched.run === null) walks.add(line);
        own.set(key, watched);
      }
      cells.set(id, own);
    }
    for (const line of lines.values()) sortOut(line);
    for (const line of walks) if (lines.get(line.feed.key) !== line) walks.delete(line);
    wake();
  }
  function lineOf(feed: MetricFeed, old: Line | undefined): Line {
    const line = old ?? {
      feed,
      watched: new Map(),
      moving: [],
      still: [],
      readsPremium: false,
      legs: '',
      walkedTo: -Infinity,
      tail: null,
      changedFrom: Infinity,
      walking: false,
      waiting: false,
      stood: null,
    };
    line.watched.clear();
    lines.set(feed.key, line);
    const legs = feed.legs();
    for (const { id } of legs) byLeg.set(id, (byLeg.get(id) ?? new Set()).add(line));
    if (JSON.stringify(legs) !== line.legs) walks.add(line);
    return line;
  }

  /** Who of the line is looked at, and when. */
  function sortOut(line: Line): void {
    Object.assign(line, { moving: [], still: [], readsPremium: false, stood: null });
    for (const one of line.watched.values()) {
      const { metric, params } = one.chosen;
      if (one.run === null) continue;
      if (!one.run.moves) line.still.push({ one, run: one.run });
      else line.moving.push({ one, run: metric.window(params) === null ? sharedRun(one.chosen) : one.run });
      if (one.run.moves && metric.inputs.some((name) => name === 'premium')) line.readsPremium = true;
    }
  }
  function sharedRun({ metric, params }: Chosen): MetricRun<FrameKind> {
    const key = keyOf({ metric: metric.name, params });
    const run = shared.get(key) ?? new MetricRun<FrameKind>(metric, params);
    shared.set(key, run);
    return run;
  }

  /** Walks are long and looks are short: each has its own go at the thread. */
  function wake(): void {
    if (stopped) return;
    if (walks.size > 0) {
      walking ??= walkAll().finally(() => {
        walking = null;
        wake();
      });
    }
    if (looks.length > 0) {
      looking ??= lookAtAll().finally(() => {
        looking = null;
        wake();
      });
    }
  }
  async function walkAll(): Promise<void> {
    // The first turn ends the caller's: what one turn asks for is one piece of work.
    await Promise.resolve();
    const slice = turns.slice();
    while (!stopped) {
      const line = nextLine();
      if (line === null) return;
      walks.delete(line);
      try {
        await advance(line, slice);
      } catch (error) {
        // What was to be walked is not: the next go begins from nothing.
        line.changedFrom = -Infinity;
        journal.failed(`work out columns of ${line.feed.key}`, error);
      }
      line.walking = false;
      ask(line);
      wake();
    }
  }
  /** Those of single instruments first: a whole list's take longest and are waited for least. */
  function nextLine(): Line | null {
    let next: Line | null = null;
    for (const line of walks) {
      if (line.feed.kind.on !== 'basket') return line;
      next ??= line;
    }
    return next;
  }

  function ask(line: Line): void {
    if (line.waiting) return;
    line.waiting = true;
    looks.push(line);
  }
  async function lookAtAll(): Promise<void> {
    await Promise.resolve();
    const slice = turns.slice();
    const changed = new Set<InstrumentId>();
    let observe: Observe | null = null;
    let looked = 0;
    const tell = (): void => {
      if (changed.size > 0) onCells(changed);
      changed.clear();
    };
    // What is asked for meanwhile has its own go.
    const lot = looks;
    looks = [];
    for (const line of lot) {
      if (stopped) return;
      line.waiting = false;
      try {
        observe ??= source.moment();
        look(line, observe, changed);
      } catch (error) {
        journal.failed(`look at columns of ${line.feed.key}`, error);
      }
      if (++looked % LOOKS_AT_LEAST !== 0 || !slice.over()) continue;
      tell();
      await slice.pause();
      observe = null;
    }
    tell();
  }
  function look(line: Line, observe: Observe, changed: Set<InstrumentId>): void {
    const { moving, still, walking: midway } = line;
    const first = moving[0] ?? still[0];
    if (midway || first === undefined) return;
    const live = line.feed.live(observe, line.readsPremium);
    lookThrough(moving, live, changed);
    if (still.length === 0) return;
    const row = live(first.one.id);
    const stood = row === null ? 'none' : row.stale ? 'stale' : 'fresh';
    if (stood !== line.stood) lookThrough(still, live, changed);
    line.stood = stood;
  }
  function lookThrough(lookers: readonly Looker[], live: (id: InstrumentId) => LiveRow | null, changed: Set<InstrumentId>): void {
    for (const { one, run } of lookers) {
      const cell = cellOf(one.chosen, run, live(one.id), one.word, one.cell);
      if (cell === one.cell) continue;
      one.cell = cell;
      changed.add(one.id);
    }
  }

  /** Walks what has closed since; all over again where the past is not what was walked. */
  async function advance(line: Line, slice: Slice): Promise<void> {
    const { feed, changedFrom, walkedTo, tail } = line;
    const to = feed.closedTo();
    const legs = JSON.stringify(feed.legs());
    const overlap = overlapMs(feed.kind.on);
    const all = [...line.watched.values()];
    line.changedFrom = Infinity;
    if (tail !== null && legs === line.legs && changedFrom > walkedTo - overlap && to >= walkedTo && all.every((one) => one.run !== null)) {
      const newest = (await feed.read(walkedTo - overlap, to)).block(walkedTo - overlap, to);
      if (samePacked(tail, packRows(newest.frame, walkedTo - overlap, walkedTo))) {
        const block = { ...newest, ...rowsWithin(newest.frame, walkedTo, to) };
        line.walking = true;
        for (const one of all) if (one.run !== null) await take(one, one.run, block, slice);
        Object.assign(line, { tail: packRows(newest.frame, to - overlap, to), legs, walkedTo: to, stood: null });
        return;
      }
    }
    // The value of a book rests on it alone: a week of books is not read for the last one.
    const looksBack = feed.kind.on !== 'book' || all.some((one) => one.chosen.metric.window(one.chosen.params) !== null);
    const rows = await feed.read(looksBack ? null : to - overlap, to);
    const runs = all.map((one) => new MetricRun<FrameKind>(one.chosen.metric, one.chosen.params));
    for (const block of rows.blocks()) {
      for (const [i, one] of all.entries()) {
        const run = runs[i];
        if (run !== undefined) await take(one, run, block, slice);
      }
      if (slice.over()) await slice.pause();
      if (stopped) return;
    }
    for (const [i, one] of all.entries()) one.run = runs[i] ?? null;
    sortOut(line);
    Object.assign(line, { tail: packRows(rows.block(to - overlap, to).frame, to - overlap, to), legs, walkedTo: to });
  }
  async function take(one: Watched, run: MetricRun<FrameKind>, block: FrameBlock, slice: Slice): Promise<void> {
    const frame = ofSubject(block.frame, one.id);
    await walkBlock(run, frame, block, slice);
    if (block.end > block.first) one.word = wordAt(one.chosen, run, frame, block.end - 1);
  }

  return {
    cells: (id) => keys.map((key) => (unknown.has(key) ? UNKNOWN : (cells.get(id)?.get(key)?.cell ?? WAITING))),
    follow(ids) {
      followed = ids;
      arrange();
    },
    refresh(id, changedFrom) {
      for (const line of byLeg.get(id) ?? []) {
        line.changedFrom = Math.min(line.changedFrom, changedFrom);
        walks.add(line);
      }
      wake();
    },
    touch(ids) {
      for (const id of ids) for (const line of byLeg.get(id) ?? []) ask(line);
      wake();
    },
    choose: arrange,
    tick() {
      for (const line of lines.values()) if (line.feed.kind.on === 'bar' && line.feed.closedTo() > line.walkedTo) walks.add(line);
      wake();
    },
    async stop() {
      stopped = true;
      await Promise.all([walking, looking]);
    },
  };
}
