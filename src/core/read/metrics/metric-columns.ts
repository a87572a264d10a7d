import type { MetricCell } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Reporter } from '../../reporter.ts';
import type { Clock } from '../../ports/clock.ts';
import { createAgain } from '../again.ts';
import { createLiveCells } from './live-cells.ts';
import { chosenOrNull } from './metric-choice.ts';
import { MetricColumn, WAITING } from './metric-column.ts';
import { MetricLine, type MetricMarks } from './metric-lines.ts';
import type { MetricFeed, MetricSource } from './metric-source.ts';
import type { SharedThread } from '../../shared-thread.ts';
import type { ViewedColumn } from '../../views.ts';

export interface ColumnOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'speed'>;
  readonly thread: SharedThread;
  readonly reporter: Pick<Reporter, 'failed'>;
  readonly source: MetricSource;
  /** What open windows show. */
  readonly shown: () => readonly ViewedColumn[];
  /** Cells of these instruments changed. */
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
  /** States of another line of the same rows from which one of these may go on. */
  readonly seeds?: (feed: MetricFeed, to: number) => MetricMarks | null;
}

/**
 * The chosen metrics of every watched instrument. A run walks the stored history once, then each close as it comes, and looks
 * at the row in progress at every poll; where the past itself has changed it goes back to a state of before that.
 */
export interface MetricColumns {
  /** By the names of the shown columns. */
  cells(id: InstrumentId): Record<string, MetricCell>;
  /** The line that walks the rows of this key; null: none does. */
  line(key: string): Pick<MetricLine, 'marksTo'> | null;
  /** These are watched now. */
  follow(ids: ReadonlySet<InstrumentId>): void;
  /** Rows closed, or the stored history of the instrument changed from this time on. */
  refresh(id: InstrumentId, changedFrom: number): void;
  /** A poll said something new of these, or what it said has aged. */
  touch(ids: Iterable<InstrumentId>): void;
  /** Windows show other columns, or a list holds other instruments. */
  choose(): void;
  /** Closes the bars that can close, and walks what could not be walked. */
  tick(): void;
  /** Resolves when the cells say all that can be said of what is known. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A settings file of another version named it. */
const UNKNOWN: MetricCell = { value: null, reason: 'unknown-metric', word: '' };

export function createMetricColumns({ clock, thread, reporter, source, shown: viewed, onCells, seeds }: ColumnOptions): MetricColumns {
  const liveCells = createLiveCells({ thread, reporter, source, onCells });
  const { board } = liveCells;
  /** By name; null: no metric of this version. */
  let columns = new Map<string, MetricColumn | null>();
  let followed: ReadonlySet<InstrumentId> = new Set();
  let lines = new Map<string, MetricLine>();
  let byLeg = new Map<InstrumentId, Set<MetricLine>>();
  /** Lines whose rows are to be walked on. */
  const walks = new Set<MetricLine>();
  const again = createAgain<MetricLine>(clock);
  let walking: Promise<void> | null = null;
  let stopped = false;

  /** Lines for what is chosen of what is followed; what was walked already is kept. */
  function arrange(): void {
    columns = new Map(viewed().map((one) => [one.id, columns.get(one.id) ?? columnOf(one)]));
    const shown = [...columns].flatMap(([key, column]) => (column === null ? [] : { key, column, kind: JSON.stringify(column.kind) }));
    const places = new Map([...followed].map((id) => [id, board.placeOf(id)]));
    for (const { column } of shown) column.fit(board.size);
    const before = lines;
    lines = new Map();
    for (const [id, place] of places) {
      const own = new Map<string, MetricLine>();
      for (const { key, column, kind } of shown) {
        // Metrics that walk the same rows share them.
        const line = own.get(kind) ?? lineOf(source.feed(column.chosen, id, column.kind.list), before);
        own.set(kind, line);
        line.watch(key, column, id, place);
      }
    }
    byLeg = new Map();
    liveCells.begin(shown.map(({ column }) => column));
    for (const line of lines.values()) {
      for (const id of line.feed.ids()) byLeg.set(id, (byLeg.get(id) ?? new Set()).add(line));
      liveCells.watch(line.feed, line.places);
      const { due, isNew } = line.end();
      if (due) walks.add(line);
      if (isNew) liveCells.again(line.feed);
    }
    for (const line of walks) if (lines.get(line.feed.key) !== line) walks.delete(line);
    wake();
  }
  function lineOf(feed: MetricFeed, before: ReadonlyMap<string, MetricLine>): MetricLine {
    const known = lines.get(feed.key);
    if (known !== undefined) return known;
    const line = before.get(feed.key) ?? new MetricLine(feed, seeds && ((to) => seeds(feed, to)));
    line.begin();
    lines.set(feed.key, line);
    return line;
  }
  function columnOf({ choice, list }: ViewedColumn): MetricColumn | null {
    const chosen = chosenOrNull(choice);
    return chosen && new MetricColumn(chosen, list);
  }

  function wake(): void {
    if (stopped || walks.size === 0) return;
    walking ??= walkAll().finally(() => {
      walking = null;
      wake();
    });
  }
  async function walkAll(): Promise<void> {
    // The first turn ends the caller's: what one turn asks for is one piece of work.
    await Promise.resolve();
    const slice = thread.slice();
    while (!stopped) {
      const line = nextLine();
      if (line === null) return;
      walks.delete(line);
      const { feed } = line;
      try {
        const lead = await line.advance(slice, () => stopped);
        again.over(line);
        if (lead !== null) for (const place of line.places) board.leads[place] = lead;
      } catch (error) {
        reporter.failed(`work out columns of ${feed.key}`, error, again.failed(line));
      }
      liveCells.again(feed);
    }
  }
  /** Those of single instruments first: a whole list's take longest and are waited for least. */
  function nextLine(): MetricLine | null {
    let next: MetricLine | null = null;
    for (const line of walks) {
      if (line.feed.kind.on !== 'basket') return line;
      next ??= line;
    }
    return next;
  }

  return {
    cells(id) {
      const place = followed.has(id) ? board.placeOf(id) : null;
      const cells: Record<string, MetricCell> = {};
      for (const [name, column] of columns) cells[name] = column === null ? UNKNOWN : place === null ? WAITING : column.cell(place);
      return cells;
    },
    line: (key) => lines.get(key) ?? null,
    follow(ids) {
      for (const id of followed) if (!ids.has(id)) for (const column of columns.values()) column?.reset(board.placeOf(id));
      followed = ids;
      arrange();
    },
    refresh(id, changedFrom) {
      for (const line of byLeg.get(id) ?? []) {
        line.changed(changedFrom);
        walks.add(line);
      }
      wake();
    },
    touch: (ids) => liveCells.touch(ids),
    choose: arrange,
    tick() {
      for (const line of again.due())
        if (lines.get(line.feed.key) === line) walks.add(line);
        else again.over(line);
      for (const line of lines.values()) if (line.feed.kind.on === 'bar' && line.hasClosed) walks.add(line);
      wake();
    },
    async idle() {
      while (walking !== null) await walking;
      // A walk asks for cells, and no cell asks for a walk.
      await liveCells.idle();
    },
    async stop() {
      stopped = true;
      await Promise.all([walking, liveCells.stop()]);
    },
  };
}
