import type { InstrumentId } from '#domain/instrument.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { RATE_TIE, type RuleCondition, type RuleEntry, type RuleState, RuleWalk } from '#domain/rule.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { AlertRule } from '../../settings.ts';
import { type Chosen, chosenOrNull } from '../metrics/metric-choice.ts';
import { type FrameBlock, type RowKind, rowKind } from '../metrics/metric-frames.ts';
import type { MetricFeed, MetricSource } from '../metrics/metric-source.ts';
import { ofSubject, walkBlock } from '../metrics/metric-walk.ts';
import { RowWalk } from '../row-walk.ts';
import { thinnedNotes } from '../thinned-words.ts';
import type { Slice } from '../../shared-thread.ts';

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
  /** Sentences about stretches of which retention deleted what was judged. */
  readonly notes: readonly string[];
}
const NOTHING: Advance = { entries: [], moved: false, notes: [] };

/** Conditions that walk the same rows. */
interface Line {
  readonly feed: MetricFeed;
  readonly conditions: readonly number[];
}
interface Walked {
  readonly lines: readonly Line[];
  readonly rows: RowWalk<Judging>;
}
/** Runs of the conditions' metrics, and the rule over what they say. */
interface Judging {
  readonly runs: readonly MetricRun<FrameKind>[];
  readonly walk: RuleWalk;
}

export type RulePeriod = 'hour' | 'settlement' | '5m' | '15m';

/** Where all walk the same settlements or bars, those are the rule's periods; else hours are. */
function periodOf(kinds: readonly RowKind[]): RulePeriod {
  const [first] = kinds;
  if (first === undefined || kinds.some(({ on, barMs }) => on !== first.on || barMs !== first.barMs)) return 'hour';
  return first.on === 'settlement' ? 'settlement' : first.on !== 'bar' ? 'hour' : first.barMs === 5 * MINUTE_MS ? '5m' : '15m';
}

const isOfGroup = ({ on }: Chosen['metric']): boolean => on === 'asset' || on === 'basket';

function rowPeriodMs({ on, barMs }: RowKind, frame: Frames[FrameKind], row: number): number {
  return on === 'settlement' && 'intervalH' in frame ? (frame.intervalH[row] ?? NaN) * HOUR_MS : barMs;
}

/** Of thousands of lines none makes what it judges with before its rows are there. */
const UNJUDGED: RuleState = { phase: 'quiet', periods: 0, enteredAt: null };

/** One rule on one instrument: what it says at a close is what a replay of everything says. */
export class RuleLine {
  readonly id: InstrumentId;
  readonly #conditions: readonly ChosenCondition[];
  readonly #k: number;
  readonly #feed: (chosen: Chosen) => MetricFeed;
  readonly period: RulePeriod;
  readonly #hourClosedTo: () => number;
  /** Null until it is walked: thousands are arranged at a stretch. */
  #walked: Walked | null = null;
  /** Entries among the periods that are being judged. */
  #entries: RuleEntry[] = [];
  #see: SeePeriod | undefined;
  /** Judging has failed: it waits until it is spoken of again. */
  #failed = false;

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
    this.#feed = feed;
    this.period = periodOf(conditions.map(({ chosen: { metric, params } }) => rowKind(metric, params)));
    this.#hourClosedTo = () => closedTo(id);
  }

  /** Instruments whose rows it rests on. */
  legs(): Iterable<InstrumentId> {
    if (!this.#conditions.some(({ chosen }) => isOfGroup(chosen.metric))) return [this.id];
    return new Set([this.id, ...this.#own.lines.flatMap(({ feed }) => feed.ids())]);
  }

  /** The stored history changed from here on. */
  changed(from: number): void {
    this.#failed = false;
    this.#walked?.rows.changed(from);
  }

  /** Rows closed that were not judged yet, unless judging them has failed. */
  get due(): boolean {
    return !this.#failed && this.#closedTo() > this.#own.rows.walkedTo;
  }

  /** Judging it was begun and did not end. */
  get failed(): boolean {
    return this.#failed;
  }

  get state(): RuleState {
    return this.#walked?.rows.state?.walk.state ?? UNJUDGED;
  }

  get judgedTo(): number | null {
    return this.#walked?.rows.state?.walk.judgedTo ?? null;
  }

  /** At the last judged period, NaN where there is none; and why, as far as the metric itself says. */
  get values(): readonly { readonly value: number | null; readonly why: string | null }[] {
    const judging = this.#walked?.rows.state ?? null;
    if (judging === null) return this.#conditions.map(() => ({ value: null, why: 'waiting' }));
    const { runs, walk } = judging;
    return walk.values.map((value, i) => {
      if (!Number.isNaN(value)) return { value, why: null };
      return { value: null, why: walk.lapsed ? 'stale' : (reasonOf(runs[i]?.reason ?? 0) ?? 'gap') };
    });
  }

  async advance(slice: Slice, see?: SeePeriod): Promise<Advance> {
    const { lines, rows } = this.#own;
    const to = this.#closedTo();
    if (to === rows.walkedTo && rows.changedFrom === Infinity && !rows.isOfOthers) return NOTHING;
    this.#entries = [];
    this.#see = see;
    this.#failed = true;
    const walked = await rows.advance(to, slice);
    this.#failed = false;
    const notes = (walked?.rows ?? []).flatMap(({ thinned }, line) => thinnedNotes(thinned, lines[line]?.feed.kind.on ?? 'hour'));
    return { entries: this.#entries, moved: true, notes };
  }

  #closedTo(): number {
    const closed = this.#own.lines.map(({ feed }) => feed.closedTo());
    return Math.min(...closed, this.period === 'hour' ? this.#hourClosedTo() : Infinity);
  }
  get #own(): Walked {
    return (this.#walked ??= this.#make());
  }
  #make(): Walked {
    const feeds = this.#conditions.map(({ chosen }) => this.#feed(chosen));
    const lines = [...new Set(feeds.map(({ key }) => key))].flatMap((key) => {
      const own = feeds.flatMap((feed, i) => (feed.key === key ? [{ feed, i }] : []));
      return own.slice(0, 1).map(({ feed }): Line => ({ feed, conditions: own.map(({ i }) => i) }));
    });
    const rows = new RowWalk<Judging>(
      lines.map(({ feed }) => feed),
      {
        keeps: 'weeks',
        fresh: () => this.#fresh(),
        copy: ({ runs, walk }) => ({ runs: runs.map((run) => run.copy()), walk: walk.copy() }),
        take: (state, line, block, slice) => this.#take(state, lines[line], block, slice),
        close: ({ walk }, to) => void this.#entries.push(...walk.close(to, this.#see)),
      },
    );
    return { lines, rows };
  }
  #fresh(): Judging {
    return {
      runs: this.#conditions.map(({ chosen }) => new MetricRun<FrameKind>(chosen.metric, chosen.params)),
      walk: new RuleWalk(this.#conditions, this.#k, this.period === 'hour' ? 'hours' : 'rows'),
    };
  }

  async #take({ runs, walk }: Judging, line: Line | undefined, block: FrameBlock, slice: Slice): Promise<void> {
    if (line === undefined) return;
    const { feed, conditions } = line;
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

/** Null: this version has not all of the metrics, or not with these parameters. */
export function conditionsOf({ conditions }: Pick<AlertRule, 'conditions'>): ChosenCondition[] | null {
  const all = conditions.flatMap(({ choice, op, level }): ChosenCondition[] => {
    const chosen = chosenOrNull(choice);
    return chosen === null ? [] : [{ chosen, op, level, tie: chosen.metric.unit.startsWith('rate-') ? RATE_TIE : 0 }];
  });
  return all.length === conditions.length ? all : null;
}

/** What metrics over a basket compare within. */
const listOf = (on: AlertRule['on']): string | null => ('list' in on ? on.list : on.among);

/** The rule on one instrument, of which nothing is judged yet. */
export const newRuleLine = (
  { source, closedTo }: { readonly source: MetricSource; readonly closedTo: (id: InstrumentId) => number },
  id: InstrumentId,
  conditions: readonly ChosenCondition[],
  { k, on }: Pick<AlertRule, 'k' | 'on'>,
): RuleLine => new RuleLine(id, conditions, k, (chosen) => source.feed(chosen, id, listOf(on)), closedTo);
