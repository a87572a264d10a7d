import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { GroupRow } from '#domain/metrics/frames/group.ts';
import type { Lapsed } from '#domain/metrics/run.ts';
import type { Reporter } from '../../reporter.ts';
import { ALL } from './live-bits.ts';
import { LiveBoard, type SingleKind, UNSEEN } from './live-board.ts';
import { LiveGroup } from './live-group.ts';
import type { MetricColumn } from './metric-column.ts';
import type { Observe } from './metric-live.ts';
import type { MetricFeed, MetricSource } from './metric-source.ts';
import type { SharedThread } from '../../shared-thread.ts';

/** Rows of instruments between two checks of the clock; groups and books. */
const ROWS_AT_LEAST = 64;
const SINGLES_AT_LEAST = 16;

interface LiveCellOptions {
  readonly thread: SharedThread;
  readonly reporter: Pick<Reporter, 'failed'>;
  readonly source: Pick<MetricSource, 'moment' | 'assetsVersion'>;
  /** Cells of these instruments changed. */
  readonly onCells: (ids: Iterable<InstrumentId>) => void;
}

/** The columns that look at rows of one kind. */
interface Table {
  readonly on: FrameKind;
  readonly columns: MetricColumn[];
}

/** A row in progress that is laid out by itself: of a group, or a book (null). */
interface Single {
  readonly feed: MetricFeed;
  readonly columns: readonly MetricColumn[];
  /** Places of those whose cells it fills, and which leg each of them is (-1: none). */
  readonly places: readonly number[];
  subjects: readonly number[];
  group: LiveGroup | null;
  asked: boolean;
}

/** What columns say of rows in progress: of those that are asked for, and only where something changed that the metric reads. */
export interface LiveCells {
  readonly board: LiveBoard;
  /** These columns from now on, of the instruments that have a place by now; nothing fills their cells yet. */
  begin(columns: Iterable<MetricColumn>): void;
  /** The rows of this feed fill the cells at these places. */
  watch(feed: MetricFeed, places: readonly number[]): void;
  /** A poll said something new of these, or what it said has aged. */
  touch(ids: Iterable<InstrumentId>): void;
  /** Other runs look at the rows of this feed now. */
  again(feed: MetricFeed): void;
  /** Resolves when what was asked for has been looked at. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const tableKey = ({ kind }: Pick<MetricFeed, 'kind'>): string => JSON.stringify(kind);
const isSingleKind = (on: FrameKind): on is SingleKind => on === 'hour' || on === 'bar' || on === 'settlement';

export function createLiveCells({ thread, reporter, source, onCells }: LiveCellOptions): LiveCells {
  const board = new LiveBoard();
  const groupRow = new GroupRow();
  let observe: Observe = source.moment();
  let listed = source.assetsVersion();
  let tables = new Map<string, Table>();
  let singles = new Map<string, Single>();
  /** By place. */
  let singlesAt = new Map<number, Single[]>();
  let isWatched = new Uint8Array(0);
  let isAsked = new Uint8Array(0);
  let isChanged = new Uint8Array(0);
  let askedRows: number[] = [];
  let askedSingles: Single[] = [];
  let changed: number[] = [];
  let evaluating: Promise<void> | null = null;
  let stopped = false;

  function askRow(place: number): void {
    if (isAsked[place] === 1 || isWatched[place] !== 1) return;
    isAsked[place] = 1;
    askedRows.push(place);
  }
  function askSingle(single: Single): void {
    if (single.asked) return;
    single.asked = true;
    askedSingles.push(single);
  }
  function wake(): void {
    if (stopped || (askedRows.length === 0 && askedSingles.length === 0)) return;
    evaluating ??= evaluateAll().finally(() => {
      evaluating = null;
      wake();
    });
  }

  async function evaluateAll(): Promise<void> {
    // The first turn ends the caller's: what one turn asks for is one piece of work.
    await Promise.resolve();
    const slice = thread.slice();
    // What is asked for meanwhile has its own go.
    const rows = askedRows;
    const lot = askedSingles;
    askedRows = [];
    askedSingles = [];
    asOfNow();
    for (let i = 0; i < rows.length && !stopped; i += ROWS_AT_LEAST) {
      evaluateRows(rows.slice(i, i + ROWS_AT_LEAST));
      if (slice.over()) await pause();
    }
    for (let i = 0; i < lot.length && !stopped; i += SINGLES_AT_LEAST) {
      for (const single of lot.slice(i, i + SINGLES_AT_LEAST)) evaluateSingle(single);
      if (slice.over()) await pause();
    }
    if (!stopped) tell();

    async function pause(): Promise<void> {
      tell();
      await slice.pause();
      asOfNow();
    }
  }
  function asOfNow(): void {
    observe = source.moment();
    board.asOf(observe);
    if (source.assetsVersion() === listed) return;
    listed = source.assetsVersion();
    for (const single of singles.values()) enlist(single);
  }
  function tell(): void {
    if (changed.length === 0) return;
    const ids = changed.map((place) => board.ids[place] ?? '');
    for (const place of changed) isChanged[place] = 0;
    changed = [];
    onCells(ids);
  }

  /** Column by column: what one metric needs stays at hand. */
  function evaluateRows(places: readonly number[]): void {
    const there = places.filter(see);
    const { due, standing, instruments } = board;
    for (const { on, columns } of tables.values()) {
      if (!isSingleKind(on)) continue;
      const frame = board.frame(on);
      for (const column of columns) {
        for (const place of there) {
          if (((due[place] ?? 0) & column.reads) === 0) continue;
          frame.instrument = instruments[place] ?? frame.instrument;
          evaluate(column, place, standing[place] === UNSEEN ? null : frame, place, board.lapsed(place, on));
        }
      }
    }
    for (const place of there) due[place] = 0;
  }
  function see(place: number): boolean {
    isAsked[place] = 0;
    try {
      board.see(place);
      return true;
    } catch (error) {
      reporter.failed(`observe ${board.ids[place] ?? ''}`, error);
      return false;
    }
  }
  function evaluate(column: MetricColumn, place: number, frame: Frames[FrameKind] | null, row: number, lapsed: Lapsed | null): void {
    try {
      if (column.evaluate(place, frame, row, lapsed)) note(place);
    } catch (error) {
      reporter.failed(`look at ${column.chosen.metric.name} of ${board.ids[place] ?? ''}`, error);
    }
  }
  function note(place: number): void {
    if (isChanged[place] === 1) return;
    isChanged[place] = 1;
    changed.push(place);
  }

  function evaluateSingle(single: Single): void {
    single.asked = false;
    try {
      if (single.group === null) evaluateBook(single);
      else evaluateGroup(single, single.group);
    } catch (error) {
      reporter.failed(`look at columns of ${single.feed.key}`, error);
    }
  }
  function evaluateBook({ feed, columns, places }: Single): void {
    const live = feed.live(observe, null);
    for (const column of columns) {
      for (const place of places) evaluate(column, place, live?.frame ?? null, live?.row ?? 0, live?.lapsed ?? null);
    }
  }
  function evaluateGroup({ columns, places, subjects }: Single, group: LiveGroup): void {
    const frame = group.lay(groupRow);
    const row = group.legs.length === 0 ? null : frame;
    const { due } = group;
    group.due = 0;
    for (const column of columns) {
      if ((due & column.reads) === 0) continue;
      for (let i = 0; i < places.length; i++) {
        const place = places[i] ?? NaN;
        frame.subject = subjects[i] ?? -1;
        // What is the group's is worked out once.
        if (i === 0 || !column.isOfGroup) evaluate(column, place, row, 0, null);
        else if (column.repeat(place, places[0] ?? NaN)) note(place);
      }
    }
  }
  /** What is polled of its legs makes its row another one. */
  function enlist(single: Single): void {
    const { feed, places } = single;
    const { on } = feed.kind;
    if (on === 'asset' || on === 'basket') {
      single.group = new LiveGroup(board, on === 'asset', feed.ids());
      const numbers = new Map(single.group.legs.map((place, i) => [place, i]));
      single.subjects = places.map((place) => numbers.get(place) ?? -1);
    }
    for (const leg of single.group?.legs ?? places) {
      const known = singlesAt.get(leg);
      if (known === undefined) singlesAt.set(leg, [single]);
      else if (!known.includes(single)) known.push(single);
    }
  }

  return {
    board,
    begin(columns) {
      tables = new Map();
      singles = new Map();
      singlesAt = new Map();
      isWatched = new Uint8Array(board.size);
      isAsked = new Uint8Array(board.size);
      isChanged = new Uint8Array(board.size);
      for (const column of columns) {
        const table = tables.get(tableKey(column)) ?? { on: column.kind.on, columns: [] };
        table.columns.push(column);
        tables.set(tableKey(column), table);
      }
    },
    watch(feed, places) {
      const { on } = feed.kind;
      if (isSingleKind(on)) {
        for (const place of places) isWatched[place] = 1;
        return;
      }
      const columns = tables.get(tableKey(feed))?.columns ?? [];
      const single: Single = { feed, columns, places, subjects: [], group: null, asked: false };
      singles.set(feed.key, single);
      enlist(single);
    },
    touch(ids) {
      for (const id of ids) {
        const place = board.find(id);
        if (place === undefined) continue;
        askRow(place);
        const own = singlesAt.get(place);
        if (own !== undefined) for (const single of own) askSingle(single);
      }
      wake();
    },
    again(feed) {
      const single = singles.get(feed.key);
      if (single !== undefined) {
        if (single.group !== null) single.group.due = ALL;
        askSingle(single);
      } else {
        for (const id of feed.ids()) {
          const place = board.placeOf(id);
          board.due[place] = ALL;
          askRow(place);
        }
      }
      wake();
    },
    async idle() {
      while (evaluating !== null) await evaluating;
    },
    async stop() {
      stopped = true;
      await evaluating;
    },
  };
}
