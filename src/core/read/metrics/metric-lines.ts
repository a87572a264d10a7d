import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import type { MetricRun } from '#domain/metrics/run.ts';
import { type Marks, RowWalk } from '../row-walk.ts';
import type { MetricColumn } from './metric-column.ts';
import type { FrameBlock, SettlementLead } from './metric-frames.ts';
import type { MetricFeed } from './metric-source.ts';
import { ofSubject, walkBlock, wordAt } from './metric-walk.ts';
import type { Slice } from '../../shared-thread.ts';

/** One metric of one instrument, or of all instruments of the group whose value it is. */
interface Watched {
  readonly column: MetricColumn;
  readonly id: InstrumentId;
  /** Where its cells are. */
  places: number[];
  /** LiveCells for its cells: has taken in the closed rows; null: not yet, or it is just doing it. */
  run: MetricRun<FrameKind> | null;
  /** What the last closed value is called. */
  word: string;
}

/** By the name of who watches: what took in the rows, and what its last value is called. */
type Runs = Map<string, { readonly of: Watched; readonly run: MetricRun<FrameKind>; word: string }>;

export type MetricMarks = Marks<ReadonlyMap<string, { readonly of: Watched; readonly run: MetricRun<FrameKind>; readonly word: string }>>;

/** One line of closed rows and everything that walks it. */
export class MetricLine {
  readonly feed: MetricFeed;
  /** Of the instruments whose cells it fills. */
  places: number[] = [];
  readonly #rows: RowWalk<Runs>;
  #watched = new Map<string, Watched>();
  #before: ReadonlyMap<string, Watched> = new Map();
  #lead: SettlementLead | null = null;
  /** The close that was seen last. */
  #to = -Infinity;

  /** `seeds`: states of another line of the same rows, for a moment of the past. */
  constructor(feed: MetricFeed, seeds?: (to: number) => MetricMarks | null) {
    this.feed = feed;
    this.#rows = new RowWalk([feed], {
      keeps: seeds === undefined ? 'weeks' : 'steps',
      fresh: () => new Map(this.#withState().map(([name, of]) => [name, { of, run: of.column.newRun(), word: '' }])),
      copy: (runs) => new Map([...runs].map(([name, one]) => [name, { ...one, run: one.run.copy() }])),
      take: async (runs, _line, block, slice) => {
        for (const one of runs.values()) one.word = (await take(one.of, one.run, block, slice)) ?? one.word;
      },
      seeds: (to) => this.#ofOwn(seeds?.(to) ?? null),
      // A week of books is not read for the last one.
      get needsNewestOnly(): boolean {
        return isOfNewest();
      },
    });
    const isOfNewest = (): boolean => !this.#withState().some(([, { column }]) => feed.kind.on !== 'book' || column.needsPast);
  }

  /** As in RowWalk. */
  marksTo(to: number, changedFrom: number): MetricMarks {
    return this.#rows.marksTo(to, changedFrom);
  }

  /** The states in which everything that is watched here is known, under the names that it has here. */
  #ofOwn(seeds: MetricMarks | null): Marks<Runs> | null {
    const own = this.#withState();
    if (seeds === null || own.length === 0) return null;
    const marks = seeds.marks.flatMap((mark) => {
      const known = new Map([...mark.state.values()].map((one) => [whatOf(one.of), one]));
      const runs: Runs = new Map();
      for (const [name, of] of own) {
        const one = known.get(whatOf(of));
        if (one !== undefined) runs.set(name, { of, run: one.run, word: one.word });
      }
      return runs.size === own.length ? [{ ...mark, state: runs }] : [];
    });
    return { ...seeds, marks };
  }

  /** The stored rows are others from here on. */
  changed(from: number): void {
    this.#rows.changed(from);
  }

  /** The columns watch no more; one that does again keeps what was walked. */
  begin(): void {
    this.#before = this.#watched;
    this.#watched = new Map();
    this.places = [];
  }

  /** `key` names the column. */
  watch(key: string, column: MetricColumn, id: InstrumentId, place: number): void {
    if (this.places.at(-1) !== place) this.places.push(place);
    const name = column.isOfLeg ? `${id} ${key}` : key;
    const known = this.#watched.get(name);
    if (known !== undefined) {
      known.places.push(place);
      return;
    }
    const before = this.#before.get(name);
    if (before === undefined) column.reset(place);
    this.#watched.set(name, Object.assign(before ?? { column, id, run: null, word: '' }, { places: [place] }));
  }

  /** All watchers are known. Returns whether there is something to walk, and whether a new one has its run already. */
  end(): { readonly due: boolean; readonly isNew: boolean } {
    let isNew = false;
    for (const one of this.#watched.values()) {
      if (one.run === null && (this.#rows.state !== null || this.#needsNone)) one.run = one.column.shared;
      isNew = giveBack(one) || isNew;
    }
    this.#before = new Map();
    return { due: [...this.#watched.values()].some(({ run }) => run === null) || (this.#rows.isOfOthers && !this.#needsNone), isNew };
  }

  get hasClosed(): boolean {
    return this.feed.closedTo() > this.#to;
  }

  /** Walks what has closed since. Returns what a settlement in progress is measured from, where the rows are settlements. */
  async advance(slice: Slice, stopped: () => boolean): Promise<SettlementLead | null> {
    const { feed } = this;
    const to = feed.closedTo();
    const withState = this.#withState();
    if (this.#needsNone) {
      this.#to = to;
      this.#rows.forget();
      for (const one of this.#watched.values()) {
        one.run = one.column.shared;
        giveBack(one);
      }
      return null;
    }
    for (const runs of this.#rows.states()) {
      for (const [name, { of }] of runs) if (this.#watched.get(name) !== of) runs.delete(name);
      // One that has just come walks everything, and the others with it.
      if (withState.some(([name]) => !runs.has(name))) this.#rows.forget();
    }
    const walked = await this.#rows.advance(to, slice, stopped);
    if (walked === null) return null;
    this.#to = to;
    for (const [name, { run, word }] of this.#rows.state ?? []) Object.assign(this.#watched.get(name) ?? {}, { run, word });
    for (const one of this.#watched.values()) {
      one.run ??= one.column.shared;
      giveBack(one);
    }
    let lead = walked.rows[0]?.lead ?? null;
    // The newest rows alone may hold no settlement: the last one is then the one that was known, however long ago.
    const before = walked.from !== null ? this.#lead : null;
    if (lead !== null && Number.isNaN(lead.settledAt)) {
      if (before === null) lead = (await feed.read(null, to)).lead;
      else lead = { ...before, lastDay: lead.lastDay };
    }
    return (this.#lead = lead);
  }

  /** None of them keeps anything of closed rows, nor measures from the last of them: none is read. */
  get #needsNone(): boolean {
    return this.feed.kind.on !== 'settlement' && this.#withState().length === 0;
  }
  /** Those that keep something of the rows before. */
  #withState(): [string, Watched][] {
    return [...this.#watched].filter(([, { column }]) => column.shared === null);
  }
}

/** What it is of the line's rows, in whatever column. */
const whatOf = ({ column: { chosen, isOfLeg }, id }: Watched): string =>
  `${chosen.metric.name} ${JSON.stringify(chosen.params)} ${isOfLeg ? id : ''}`;

/** Its run fills its cells; true where it did not before. */
function giveBack({ column, places, run, word }: Watched): boolean {
  let isNew = false;
  if (run !== null) for (const place of places) isNew = column.give(place, run, word) || isNew;
  return isNew;
}

/** Returns what the last row's value is called; null: no row. Its cells wait while the run that fills them is on its way. */
async function take(of: Watched, run: MetricRun<FrameKind>, block: FrameBlock, slice: Slice): Promise<string | null> {
  const { column, places } = of;
  const isCurrent = of.run === run;
  if (isCurrent) {
    of.run = null;
    for (const place of places) column.take(place);
  }
  try {
    const frame = ofSubject(block.frame, of.id);
    await walkBlock(run, frame, block, slice);
    const word = block.end > block.first ? wordAt(column.chosen, run, frame, block.end - 1) : null;
    if (isCurrent) giveBack(Object.assign(of, { run, word: word ?? of.word }));
    return word;
  } catch (error) {
    if (isCurrent) for (const place of places) column.reset(place);
    throw error;
  }
}
