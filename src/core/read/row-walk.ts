import { HOUR_MS } from '#domain/time.ts';
import type { Slice } from '../shared-thread.ts';
import { printOf, rowsWithin } from './metrics/frame-tail.ts';
import { type FrameBlock, legsText, type StoredRows } from './metrics/metric-frames.ts';
import type { MetricFeed } from './metrics/metric-source.ts';

const DAY_MS = 24 * HOUR_MS;
/** Times at which states can be kept: multiples of a day. */
const WEEK_MS = 7 * DAY_MS;
const MONTH_MS = 32 * DAY_MS;
/** States that are tried before everything is walked again. */
const MOST_TRIED = 8;

/** Rows that a walk reads. */
export type WalkedLine = Pick<MetricFeed, 'kind' | 'legs' | 'read' | 'comparedMs'>;

/** Closed rows of so long are compared before those after them are walked alone: what is stored late comes within it. */
export const comparedMs = ({ kind: { on }, comparedMs: told }: Pick<MetricFeed, 'kind' | 'comparedMs'>): number =>
  on === 'bar' || on === 'book' ? HOUR_MS : (told ?? 96 * HOUR_MS);

const weeks = (at: number, to: number): boolean => at % WEEK_MS === 0 && at > to - 2 * WEEK_MS;

/**
 * How long states of before are kept: those of each day for a week and of each month for ever, or, where a state is large (a window
 * of months), those of the last two weeks; where a moment steps back, those of its last days too, or each step would walk a week.
 */
export const KEEPS = {
  days: (at: number, to: number): boolean => at % MONTH_MS === 0 || at > to - 8 * DAY_MS,
  weeks,
  steps: (at: number, to: number): boolean => weeks(at, to) || at > to - 2 * DAY_MS,
} as const;

/** What walks rows of one or more lines: runs of metrics, a rule, the signal. Its state is its own until it is asked for a copy. */
export interface Walker<S> {
  readonly keeps: keyof typeof KEEPS;
  /** Of no rows. */
  fresh(): S;
  copy(state: S): S;
  /** Takes in the rows of the block, which are those of this line, in order. */
  take(state: S, line: number, block: FrameBlock, slice: Slice): Promise<void>;
  /** Every line was taken in up to here. */
  close?(state: S, to: number): void;
  /** What it takes of a block's rows beside their own columns, by row, which is asked for in order: compared with them. */
  rest?(block: FrameBlock): (row: number) => number;
  /** It needs none of the rows before the newest. */
  readonly needsNewestOnly?: boolean;
  /** States of another walk of the same, from which this one may go on where it has none that is as new. */
  seeds?(to: number): Marks<S> | null;
}

/** The walk as it stood once every row up to `at` was taken in, and by which rows that is told: by line, those of so long before. */
interface Mark<S> {
  readonly at: number;
  readonly state: S;
  readonly prints: readonly number[];
  readonly compared: readonly number[];
}

/** States of a walk over rows of these legs. */
export interface Marks<S> {
  readonly legs: string;
  readonly marks: readonly Mark<S>[];
}

export interface Walked {
  readonly rows: readonly StoredRows[];
  /** The state of before from which it went on stood here; null: it began with nothing. */
  readonly from: number | null;
}

/**
 * Rows that are walked once, then on from each close to the next. Before it goes on it compares the newest rows with what was walked;
 * where they are others it goes back to the last state before them, and where there is none it begins anew. So what it says is what a
 * replay of everything says.
 */
export class RowWalk<S> {
  readonly #lines: readonly WalkedLine[];
  readonly #walker: Walker<S>;
  #now: Mark<S> | null = null;
  /** Of before, oldest first. */
  #marks: readonly Mark<S>[] = [];
  #legs = '';
  #changedFrom = Infinity;
  /** What the walk that is on its way has still to see. */
  #seeingFrom = Infinity;

  constructor(lines: readonly WalkedLine[], walker: Walker<S>) {
    this.#lines = lines;
    this.#walker = walker;
  }

  /** Rows up to here were walked; -Infinity: none. */
  get walkedTo(): number {
    return this.#now?.at ?? -Infinity;
  }
  /** Null: nothing was walked. */
  get state(): S | null {
    return this.#now?.state ?? null;
  }
  /** The rows are made of other instruments than those walked, or something else is known of one. */
  get isOfOthers(): boolean {
    return this.#legsNow() !== this.#legs;
  }
  /** What is stored changed from here on, and it was not walked again yet. */
  get changedFrom(): number {
    return this.#changedFrom;
  }
  changed(from: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, from);
  }
  /** What was walked counts no more. */
  forget(): void {
    this.#now = null;
    this.#marks = [];
  }
  /** The states that are kept of times up to `to` and rest on nothing that changed, here or as the caller says. They are not to be changed. */
  marksTo(to: number, changedFrom: number): Marks<S> {
    const from = Math.min(changedFrom, this.#changedFrom, this.#seeingFrom);
    return { legs: this.#legs, marks: this.#marks.filter((mark) => holds(mark, to, from)) };
  }
  /** All states that are kept. */
  states(): S[] {
    return [...this.#marks, ...(this.#now === null ? [] : [this.#now])].map(({ state }) => state);
  }

  /**
   * Walks the rows that closed up to `to`; null: stopped. Where it rejects, the next one sees all that this one was to see. Until it
   * is over, `state` is that of before, or is on its way from there.
   */
  async advance(to: number, slice: Slice, stopped: () => boolean = () => false): Promise<Walked | null> {
    const legs = this.#legsNow();
    const changedFrom = this.#changedFrom;
    if (legs !== this.#legs) this.#marks = [];
    this.#changedFrom = Infinity;
    this.#seeingFrom = changedFrom;
    try {
      for (const mark of this.#before(to, changedFrom, legs)) {
        const rows = await this.#read(mark, to);
        if (!this.#isSame(rows, mark)) continue;
        const isOwn = mark === this.#now || this.#marks.includes(mark);
        this.#marks = this.#marks.filter((one) => holds(one, mark.at, changedFrom));
        if (!isOwn) this.#marks = [...this.#marks, mark];
        this.#seeingFrom = Infinity;
        this.#legs = legs;
        const state = mark === this.#now ? mark.state : this.#walker.copy(mark.state);
        return (await this.#walk(state, rows, mark.at, to, slice, stopped)) ? { rows, from: mark.at } : null;
      }
      const from = this.#walker.needsNewestOnly === true ? to : null;
      const rows = await this.#read(from === null ? null : { at: from, compared: this.#compared }, to);
      this.#marks = [];
      this.#seeingFrom = Infinity;
      if (!(await this.#walk(this.#walker.fresh(), rows, null, to, slice, stopped))) return null;
      this.#legs = legs;
      return { rows, from: null };
    } catch (error) {
      this.#changedFrom = Math.min(this.#changedFrom, changedFrom);
      throw error;
    } finally {
      this.#seeingFrom = Infinity;
    }
  }

  #legsNow(): string {
    return this.#lines.map(({ legs }) => legsText(legs())).join();
  }

  get #compared(): number[] {
    return this.#lines.map(comparedMs);
  }

  /** States from which one can go on, newest first: every change is among the rows that are compared, or after them. */
  #before(to: number, changedFrom: number, legs: string): Mark<S>[] {
    const known = legs !== this.#legs ? [] : [...(this.#now === null ? [] : [this.#now]), ...[...this.#marks].reverse()];
    const own = known.filter((mark) => holds(mark, to, changedFrom)).slice(0, MOST_TRIED);
    const [newest] = own;
    // States are kept at the ends of days.
    const seeds = Math.floor(to / DAY_MS) * DAY_MS > (newest?.at ?? -Infinity) ? this.#walker.seeds?.(to) : null;
    const others = seeds?.legs === legs ? seeds.marks.filter(({ at }) => at > (newest?.at ?? -Infinity)) : [];
    return [...[...others].reverse().slice(0, MOST_TRIED), ...own];
  }

  /** With what is compared of the rows before the state; null: everything. */
  async #read(mark: Pick<Mark<S>, 'at' | 'compared'> | null, to: number): Promise<StoredRows[]> {
    const all: StoredRows[] = [];
    for (const [i, line] of this.#lines.entries()) {
      const overlap = mark?.compared[i] ?? comparedMs(line);
      const from = mark === null ? null : mark.at - overlap;
      const rows = await line.read(from, to);
      all.push(mark !== null && from !== null && to - mark.at <= overlap ? laidOut(rows, from, to) : rows);
    }
    return all;
  }
  #isSame(rows: readonly StoredRows[], { at, prints, compared }: Mark<S>): boolean {
    return prints.every((print, line) => print === this.#print(rows[line], compared[line] ?? NaN, at));
  }
  /** Of the rows up to `at` that are compared, which need not be laid out again where they are among those of `walked`. */
  #print(rows: StoredRows | undefined, compared: number, at: number, walked?: FrameBlock): number {
    if (rows === undefined) return NaN;
    const from = at - compared;
    const isAmong = walked !== undefined && (walked.frame.time[walked.first] ?? Infinity) <= from;
    const block = isAmong ? { frame: walked.frame, ...rowsWithin(walked.frame, from, at) } : rows.block(from, at);
    return printOf(block.frame, block.first, block.end, this.#walker.rest?.(block));
  }

  /** Takes in the rows after `after`, all of them where that is null, and keeps states on the way. False: stopped. */
  async #walk(
    state: S,
    rows: readonly StoredRows[],
    after: number | null,
    to: number,
    slice: Slice,
    stopped: () => boolean,
  ): Promise<boolean> {
    const walker = this.#walker;
    const last: FrameBlock[] = [];
    let from = after;
    let isOver = false;
    try {
      for (const at of this.#stops(after ?? Math.min(...rows.map(({ first }) => first)), to)) {
        for (const [line, one] of rows.entries()) {
          for (const block of one.blocks(from, at)) {
            last[line] = block;
            await walker.take(state, line, block, slice);
            if (slice.over()) await slice.pause();
            if (stopped()) return false;
          }
        }
        walker.close?.(state, at);
        from = at;
        if (slice.over()) await slice.pause();
        const isKept = at % DAY_MS === 0 && KEEPS[walker.keeps](at, to);
        if (!isKept && at !== to) continue;
        const compared = this.#compared;
        const mark = { at, state, compared, prints: rows.map((one, line) => this.#print(one, compared[line] ?? NaN, at, last[line])) };
        if (isKept) this.#marks = [...this.#marks, { ...mark, state: walker.copy(state) }];
        if (at === to) this.#now = mark;
      }
      isOver = true;
    } finally {
      // Half-way it is neither here nor there, and what a walker keeps beside its states is that of the way.
      if (!isOver) this.#now = null;
    }
    this.#marks = this.#marks.filter(({ at }) => KEEPS[walker.keeps](at, to));
    return true;
  }

  /** Where a walk of (after, to] comes to a close: where a state is kept, after each month, and at the end. */
  #stops(after: number, to: number): number[] {
    const times: number[] = [];
    for (let at = Math.floor(after / DAY_MS) * DAY_MS + DAY_MS; at < to; at += DAY_MS) {
      if (at % MONTH_MS === 0 || KEEPS[this.#walker.keeps](at, to)) times.push(at);
    }
    return [...times, to];
  }
}

/** Every change is among the rows that are compared with it, or after them. */
const holds = ({ at, compared }: Mark<unknown>, to: number, changedFrom: number): boolean =>
  at <= to && changedFrom > at - Math.min(...compared);

/** Few rows: laid out in one piece. */
function laidOut(rows: StoredRows, from: number, to: number): StoredRows {
  const { frame } = rows.block(from, to);
  const block = (after: number, until: number): FrameBlock => ({ frame, ...rowsWithin(frame, after, until) });
  return {
    ...rows,
    block,
    *blocks(after, until = to) {
      yield block(after ?? from, until);
    },
  };
}
