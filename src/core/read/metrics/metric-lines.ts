import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import type { MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS } from '#domain/time.ts';
import { packRows, rowsWithin, samePacked } from './frame-tail.ts';
import type { MetricColumn } from './metric-column.ts';
import type { FrameBlock, SettlementLead, StoredRows } from './metric-frames.ts';
import type { MetricFeed } from './metric-source.ts';
import { ofSubject, walkBlock, wordAt } from './metric-walk.ts';
import type { Slice } from '../../turns.ts';

/** Closed rows of so long are compared before those after them are walked alone: what is stored late comes within it. */
export const overlapMs = (on: FrameKind): number => (on === 'bar' || on === 'book' ? HOUR_MS : 96 * HOUR_MS);

/** One metric of one instrument, or of all instruments of the group whose value it is. */
interface Watched {
  readonly column: MetricColumn;
  readonly id: InstrumentId;
  /** Where its cells are. */
  places: number[];
  /** Has taken in the closed rows; null: none of them yet. */
  run: MetricRun<FrameKind> | null;
  /** What the last closed value is called. */
  word: string;
}

/** One line of closed rows and everything that walks it. */
export class MetricLine {
  readonly feed: MetricFeed;
  /** Of the instruments whose cells it fills. */
  places: number[] = [];
  /** The stored rows are others from here on. */
  changedFrom = Infinity;
  #watched = new Map<string, Watched>();
  #before: ReadonlyMap<string, Watched> = new Map();
  /** Instruments whose rows it is made of, as walked. */
  #legs = '';
  /** Rows up to here were walked; -Infinity: none yet. */
  #walkedTo = -Infinity;
  #lead: SettlementLead | null = null;
  /** The newest of them, packed. */
  #tail: Float64Array | null = null;

  constructor(feed: MetricFeed) {
    this.feed = feed;
  }

  /** Nobody watches any more; who does again, keeps what was walked. */
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

  /** All who watch are known. Returns whether there is something to walk, and whether somebody new looks already. */
  end(): { readonly due: boolean; readonly isNew: boolean } {
    let isNew = false;
    for (const one of this.#watched.values()) {
      if (one.run === null && this.#walkedTo > -Infinity) one.run = one.column.shared;
      isNew = giveBack(one) || isNew;
    }
    this.#before = new Map();
    return { due: this.#all().some(({ run }) => run === null) || JSON.stringify(this.feed.legs()) !== this.#legs, isNew };
  }

  get hasClosed(): boolean {
    return this.feed.closedTo() > this.#walkedTo;
  }

  /**
   * Walks what has closed since; all over again where the past is not what was walked. Returns what a settlement in progress is
   * measured from, where the rows are settlements.
   */
  async advance(slice: Slice, stopped: () => boolean): Promise<SettlementLead | null> {
    const { feed, changedFrom } = this;
    const walkedTo = this.#walkedTo;
    const to = feed.closedTo();
    const legs = JSON.stringify(feed.legs());
    const overlap = overlapMs(feed.kind.on);
    const all = this.#all();
    this.changedFrom = Infinity;
    const goesOn = legs === this.#legs && changedFrom > walkedTo - overlap && to >= walkedTo && all.every((one) => one.run !== null);
    const walkedOn = goesOn ? await this.#walkOn(all, overlap, to, slice) : null;
    const rows = walkedOn ?? (await this.#startOver(all, overlap, to, slice, stopped));
    if (rows === null) return null;
    // The newest rows alone may hold no settlement: the last one is then the one that was known.
    const before = walkedOn === null ? null : this.#lead;
    this.#lead = rows.lead && before && Number.isNaN(rows.lead.settledAt) ? { ...before, lastDay: rows.lead.lastDay } : rows.lead;
    this.#tail = packRows(rows.block(to - overlap, to).frame, to - overlap, to);
    this.#legs = legs;
    this.#walkedTo = to;
    return this.#lead;
  }

  /** Null: the past is not what was walked. */
  async #walkOn(all: readonly Watched[], overlap: number, to: number, slice: Slice): Promise<StoredRows | null> {
    const walkedTo = this.#walkedTo;
    const tail = this.#tail;
    const rows = await this.feed.read(walkedTo - overlap, to);
    const { frame } = rows.block(walkedTo - overlap, to);
    if (tail === null || !samePacked(tail, packRows(frame, walkedTo - overlap, walkedTo))) return null;
    const block = { frame, ...rowsWithin(frame, walkedTo, to) };
    for (const one of all) {
      const { run, column, places } = one;
      if (run === null || run === column.shared) continue;
      // Nobody looks at it meanwhile.
      one.run = null;
      for (const place of places) column.take(place);
      try {
        one.word = (await take(one, run, block, slice)) ?? one.word;
      } catch (error) {
        // It is lost half-way, so the next walk begins from nothing.
        for (const place of places) column.reset(place);
        throw error;
      }
      one.run = run;
      giveBack(one);
    }
    return rows;
  }

  /** Null: stopped. */
  async #startOver(all: readonly Watched[], overlap: number, to: number, slice: Slice, stopped: () => boolean): Promise<StoredRows | null> {
    const { feed } = this;
    const own = all.filter(({ column }) => column.shared === null);
    // What rests on the newest row alone needs no others: a week of books is not read for the last one.
    const looksBack = own.some(({ column }) => feed.kind.on !== 'book' || column.looksBack);
    let rows = await feed.read(looksBack ? null : to - overlap, to);
    // However long ago the last settlement was.
    if (rows.lead !== null && Number.isNaN(rows.lead.settledAt)) rows = await feed.read(null, to);
    const fresh = own.map((one) => ({ one, run: one.column.newRun(), word: '' }));
    for (const block of fresh.length > 0 ? rows.blocks() : []) {
      for (const next of fresh) next.word = (await take(next.one, next.run, block, slice)) ?? next.word;
      if (slice.over()) await slice.pause();
      if (stopped()) return null;
    }
    for (const { one, run, word } of fresh) Object.assign(one, { run, word });
    for (const one of all) {
      one.run ??= one.column.shared;
      giveBack(one);
    }
    return rows;
  }

  #all(): Watched[] {
    return [...this.#watched.values()];
  }
}

/** Its run looks for its cells; true where it did not before. */
function giveBack({ column, places, run, word }: Watched): boolean {
  let isNew = false;
  if (run !== null) for (const place of places) isNew = column.give(place, run, word) || isNew;
  return isNew;
}

/** Returns what the last row's value is called; null: no row. */
async function take({ column, id }: Watched, run: MetricRun<FrameKind>, block: FrameBlock, slice: Slice): Promise<string | null> {
  const frame = ofSubject(block.frame, id);
  await walkBlock(run, frame, block, slice);
  return block.end > block.first ? wordAt(column.chosen, run, frame, block.end - 1) : null;
}
