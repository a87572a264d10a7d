import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { type RuleCondition, type RuleEntry, type RuleState, RuleWalk } from '#domain/rule.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { rowsWithin, sameRows } from '../metrics/frame-tail.ts';
import { overlapMs } from '../metrics/metric-lines.ts';
import type { Chosen } from '../metrics/metric-choice.ts';
import type { FrameBlock, RowKind } from '../metrics/metric-frames.ts';
import type { MetricFeed } from '../metrics/metric-source.ts';
import { ofSubject, walkBlock } from '../metrics/metric-walk.ts';
import type { ReadRows } from './rule-rows.ts';
import type { Slice } from '../../turns.ts';

export interface ChosenCondition extends RuleCondition {
  readonly chosen: Chosen;
}

/** Sees every period as it is judged. */
export type SeePeriod = (at: number, values: readonly number[]) => void;

export interface Advance {
  /** Of the periods that were judged now. */
  readonly entries: readonly RuleEntry[];
  /** Something was judged. */
  readonly moved: boolean;
}
const NOTHING: Advance = { entries: [], moved: false };

/** Conditions that walk the same rows. */
interface Line {
  readonly feed: MetricFeed;
  readonly conditions: readonly number[];
  tail: Frames[FrameKind] | null;
}
interface NewRows {
  readonly line: Line;
  readonly block: FrameBlock;
}

export type RulePeriod = 'hour' | 'settlement' | '5m' | '15m';

/** Where all walk the same settlements or bars, those are the rule's periods; else hours are. */
function periodOf(kinds: readonly RowKind[]): RulePeriod {
  const [first] = kinds;
  if (first === undefined || kinds.some(({ on, barMs }) => on !== first.on || barMs !== first.barMs)) return 'hour';
  return first.on === 'settlement' ? 'settlement' : first.on !== 'bar' ? 'hour' : first.barMs === 5 * MINUTE_MS ? '5m' : '15m';
}

function rowPeriodMs({ on, barMs }: RowKind, frame: Frames[FrameKind], row: number): number {
  return on === 'settlement' && 'intervalH' in frame ? (frame.intervalH[row] ?? NaN) * HOUR_MS : barMs;
}

/**
 * One rule on one instrument. It walks the stored history once, then each close as it comes, and starts over where the past
 * itself has changed: what it says live is what a replay says.
 */
export class RulePair {
  readonly id: InstrumentId;
  readonly #conditions: readonly ChosenCondition[];
  readonly #k: number;
  readonly #lines: readonly Line[];
  readonly period: RulePeriod;
  readonly #hourClosedTo: () => number;
  #runs: readonly MetricRun<FrameKind>[] = [];
  #walk: RuleWalk;
  #legs = '';
  #walkedTo = -Infinity;
  #changedFrom = Infinity;

  /** `feed`: the rows that a metric walks for the instrument; `closedTo`: its last closed hour. */
  constructor(
    id: InstrumentId,
    conditions: readonly ChosenCondition[],
    k: number,
    feed: (chosen: Chosen) => MetricFeed,
    closedTo: (id: InstrumentId) => number,
  ) {
    this.id = id;
    this.#conditions = conditions;
    this.#k = k;
    const feeds = conditions.map(({ chosen }) => feed(chosen));
    this.#lines = [...new Set(feeds.map(({ key }) => key))].flatMap((key) => {
      const own = feeds.flatMap((feed, i) => (feed.key === key ? [{ feed, i }] : []));
      return own.slice(0, 1).map(({ feed }): Line => ({ feed, conditions: own.map(({ i }) => i), tail: null }));
    });
    this.period = periodOf(feeds.map(({ kind }) => kind));
    this.#hourClosedTo = () => closedTo(id);
    this.#walk = this.#newWalk();
  }

  /** Instruments whose rows it rests on. */
  legs(): Set<InstrumentId> {
    return new Set([this.id, ...this.#lines.flatMap(({ feed }) => feed.legs().map((leg) => leg.id))]);
  }

  /** The stored history changed from here on. */
  changed(from: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, from);
  }

  /** Rows closed that were not judged yet, unless judging them has failed. */
  get due(): boolean {
    return this.#closedTo() > this.#walkedTo;
  }

  get state(): RuleState {
    return this.#walk.state;
  }

  get judgedTo(): number | null {
    return this.#walk.judgedTo;
  }

  /** At the last judged period, NaN where there is none; and why, as far as the metric itself says. */
  get values(): readonly { readonly value: number | null; readonly why: string | null }[] {
    return this.#walk.values.map((value, i) => {
      const run = this.#runs[i];
      if (!Number.isNaN(value)) return { value, why: null };
      return { value: null, why: run === undefined ? 'waiting' : this.#walk.lapsed ? 'stale' : (reasonOf(run.reason) ?? 'gap') };
    });
  }

  async advance(read: ReadRows, slice: Slice, see?: SeePeriod): Promise<Advance> {
    const to = this.#closedTo();
    const legs = JSON.stringify(this.#lines.map(({ feed }) => feed.legs()));
    const changedFrom = this.#changedFrom;
    const isWhole = legs !== this.#legs || !(to >= this.#walkedTo);
    if (!isWhole && to === this.#walkedTo && changedFrom === Infinity) return NOTHING;
    this.#changedFrom = Infinity;
    const walkedTo = this.#walkedTo;
    // Should it fail half-way, the next go begins from nothing; it waits until somebody speaks of the instrument again.
    this.#walkedTo = NaN;
    const newest = isWhole ? null : await this.#newest(read, walkedTo, to, changedFrom);
    if (newest === null) await this.#startOver(read, to, slice);
    else for (const { line, block } of newest) await this.#take(this.#runs, this.#walk, line, block, slice);
    this.#legs = legs;
    this.#walkedTo = to;
    return { entries: this.#walk.close(to, see), moved: true };
  }

  #closedTo(): number {
    const closed = this.#lines.map(({ feed }) => feed.closedTo());
    return Math.min(...closed, this.period === 'hour' ? this.#hourClosedTo() : Infinity);
  }
  #newWalk(): RuleWalk {
    return new RuleWalk(this.#conditions, this.#k, this.period === 'hour' ? 'hours' : 'rows');
  }

  /** What has closed since, by line; null where the past is not what was walked. */
  async #newest(read: ReadRows, walkedTo: number, to: number, changedFrom: number): Promise<NewRows[] | null> {
    const found: NewRows[] = [];
    for (const line of this.#lines) {
      const from = walkedTo - overlapMs(line.feed.kind.on);
      if (changedFrom <= from || line.tail === null) return null;
      const { frame } = (await read(line.feed, from, to)).block(from, to);
      if (!sameRows(line.tail, frame, from, walkedTo)) return null;
      found.push({ line, block: { frame, ...rowsWithin(frame, walkedTo, to) } });
    }
    for (const { line, block } of found) line.tail = block.frame;
    return found;
  }

  async #startOver(read: ReadRows, to: number, slice: Slice): Promise<void> {
    const runs = this.#conditions.map(({ chosen }) => new MetricRun<FrameKind>(chosen.metric, chosen.params));
    const walk = this.#newWalk();
    for (const line of this.#lines) {
      const rows = await read(line.feed, null, to);
      for (const block of rows.blocks()) {
        await this.#take(runs, walk, line, block, slice);
        if (slice.over()) await slice.pause();
      }
      line.tail = rows.block(to - overlapMs(line.feed.kind.on), to).frame;
    }
    this.#runs = runs;
    this.#walk = walk;
  }

  async #take(
    runs: readonly MetricRun<FrameKind>[],
    walk: RuleWalk,
    { feed, conditions }: Line,
    block: FrameBlock,
    slice: Slice,
  ): Promise<void> {
    const frame = ofSubject(block.frame, this.id);
    for (const i of conditions) {
      const run = runs[i];
      if (run === undefined) continue;
      await walkBlock(run, frame, block, slice, (row) =>
        walk.push(i, { time: frame.time[row] ?? NaN, value: run.value, periodMs: rowPeriodMs(feed.kind, frame, row) }),
      );
    }
  }
}
