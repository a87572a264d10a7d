import { tellsUntil } from './interval.ts';
import { HOUR_MS, hourClose, SETTLEMENT_SLACK_MS } from './time.ts';

/** An alert on any metrics: conditions that must all hold, k closed periods in a row. The signal of domain 3.1 is the one on |D|. */

/** 'above' and 'below' include the level itself; 'outside' is |value| at or beyond it, on one side; 'is' is for values that are words. */
export const RULE_OPS = ['above', 'below', 'outside', 'is'] as const;
export type RuleOp = (typeof RULE_OPS)[number];

export type Phase = 'quiet' | 'building' | 'active' | 'fading';

/** What has entered lets go beyond this share of its level. */
export const REARM = 0.8;

/** Rates are decimals, so one can lie on a level exactly: the last digits of a float do not decide on which side of it (per hour). */
export const RATE_TIE = 1e-15;

/** The level is in the metric's own stored unit; of 'outside' it is above 0. */
export interface RuleCondition {
  readonly op: RuleOp;
  readonly level: number;
  /** A value this little beside the level lies on it: RATE_TIE for rates, 0 (or absent) for all else. */
  readonly tie?: number;
  /** Share of the level at which it lets go, above 0 and at most 1; absent: REARM. */
  readonly release?: number;
}

/**
 * Once a rule is active a condition lets go only beyond this value: by default a fifth of the level's own size back from it. For
 * levels on the value's own side of 0 that is 80 % of the level, as for the signal; below -10 it is -8, above -10 it is -12,
 * below 10 it is 12. At level 0, and for words, there is no such band.
 */
export function releaseLevel({ op, level, release = REARM }: RuleCondition): number {
  if (op === 'is') return level;
  const towardsZero = op === 'below' ? level < 0 : level > 0;
  return (towardsZero ? release : 2 - release) * level;
}

/** The value is at or beyond the level, as the comparison looks at it; NaN is not. */
export function meets(op: RuleOp, value: number, level: number, tie = 0): boolean {
  if (op === 'is') return value === level;
  return op === 'above' ? value >= level - tie : op === 'below' ? value <= level + tie : Math.abs(value) >= level - tie;
}

export interface RuleState {
  readonly phase: Phase;
  /** Closed periods of the run so far, its building included. */
  readonly periods: number;
  readonly enteredAt: number | null;
}

/** The close at which a rule became active. */
export interface RuleEntry {
  readonly at: number;
  /** First period of its run. */
  readonly startedAt: number;
  /** At the entry, in the order of the conditions. */
  readonly values: readonly number[];
}

type Limits = Required<Omit<RuleCondition, 'release'>> & { readonly letsGoAt: number };

/** The state machine of domain 3.1 and of every alert, moved by closed periods only. What it was made with stays for its life. */
export class RuleRun {
  readonly #given: readonly RuleCondition[];
  readonly #conditions: readonly Limits[];
  readonly #k: number;
  #phase: Phase = 'quiet';
  #periods = 0;
  #startedAt = NaN;
  #enteredAt: number | null = null;
  /** Sides of the run's values where a condition looks at both; 0 elsewhere. */
  readonly #sides: number[];

  constructor(conditions: readonly RuleCondition[], k: number) {
    if (conditions.length === 0) throw new RangeError('a rule needs a condition');
    if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a whole number from 1 up, not ${k}`);
    for (const { op, level, release = REARM } of conditions) {
      if (!(release > 0 && release <= 1))
        throw new RangeError(`a rule lets go at a share of its level above 0 and at most 1, not ${release}`);
      if (!Number.isFinite(level)) throw new RangeError(`a level must be a number, not ${level}`);
      if (op === 'outside' && !(level > 0)) throw new RangeError(`a level that is looked at on both sides must be above 0, not ${level}`);
    }
    this.#given = conditions;
    this.#conditions = conditions.map((one) => ({ op: one.op, level: one.level, tie: one.tie ?? 0, letsGoAt: releaseLevel(one) }));
    this.#sides = conditions.map(() => 0);
    this.#k = k;
  }

  /** Another one that goes on from here. */
  copy(): RuleRun {
    const other = new RuleRun(this.#given, this.#k);
    other.#phase = this.#phase;
    other.#periods = this.#periods;
    other.#startedAt = this.#startedAt;
    other.#enteredAt = this.#enteredAt;
    for (const [i, side] of this.#sides.entries()) other.#sides[i] = side;
    return other;
  }

  /**
   * One closed period. A value NaN is a gap or a warm-up: the run is over. `afterGap`: periods are missing before this one,
   * so counting starts afresh with it. `levels`: of conditions whose level moves, the one of this period (NaN: none is known, which
   * is as a value that is not known). Returns the entry when this period makes the rule active.
   */
  close(at: number, values: readonly number[], afterGap = false, levels?: readonly (number | undefined)[]): RuleEntry | null {
    const entered = this.#phase === 'active' || this.#phase === 'fading';
    let holds = true;
    let goesOn = !afterGap && this.#periods > 0;
    for (let i = 0; i < this.#conditions.length; i++) {
      const { op, tie } = this.#conditions[i]!;
      let { level, letsGoAt } = this.#conditions[i]!;
      const moved = levels?.[i];
      if (moved !== undefined) {
        level = moved;
        letsGoAt = releaseLevel({ ...this.#given[i]!, level });
      }
      const value = values[i] ?? NaN;
      const isMet = meets(op, value, level, tie);
      if (!isMet) holds = false;
      if (sideOf(op, value) !== this.#sides[i] || !(isMet || (entered && meets(op, value, letsGoAt, tie)))) goesOn = false;
    }
    if (!goesOn && this.#periods > 0) this.#reset();
    if (!(goesOn || holds)) return null;

    if (this.#periods === 0) {
      this.#startedAt = at;
      for (let i = 0; i < this.#sides.length; i++) this.#sides[i] = sideOf(this.#conditions[i]!.op, values[i] ?? NaN);
    }
    this.#periods++;
    if (this.#periods < this.#k) {
      this.#phase = 'building';
      return null;
    }
    this.#phase = holds ? 'active' : 'fading';
    if (this.#periods > this.#k) return null;
    this.#enteredAt = at;
    return { at, startedAt: this.#startedAt, values: [...values] };
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Closed periods of the run so far; 0: none. */
  get periods(): number {
    return this.#periods;
  }

  get state(): RuleState {
    return { phase: this.#phase, periods: this.#periods, enteredAt: this.#enteredAt };
  }

  #reset(): void {
    this.#phase = 'quiet';
    this.#periods = 0;
    this.#startedAt = NaN;
    this.#enteredAt = null;
    this.#sides.fill(0);
  }
}

const sideOf = (op: RuleOp, value: number): number => (op === 'outside' ? Math.sign(value) : 0);

/** One closed row of a condition's metric; NaN: no value. */
export interface RuleRow {
  readonly time: number;
  readonly value: number;
  /** How long the row stands: until the next one is due. NaN: not known, so only at its own time. */
  readonly periodMs: number;
  /** In the place of the condition's level; NaN: none is known yet. Absent: the condition's own. */
  readonly level?: number;
}

/** Sees a period as it is judged; `levels`: of conditions whose level moves, as it was then. */
type SeePeriod = (at: number, values: readonly number[], levels?: readonly (number | undefined)[]) => void;

/**
 * A rule over the closed rows of its metrics. Where all of them walk the same rows, those are its periods; else it is judged at
 * each hour's close, by the newest closed row of each metric that is not older than its own period. Rows may come one by one or
 * all at once: the entries are the same.
 */
export class RuleWalk {
  readonly #conditions: readonly RuleCondition[];
  readonly #k: number;
  #run: RuleRun;
  readonly #by: 'rows' | 'hours';
  readonly #queues: RuleRow[][];
  /** How much of each queue was judged. */
  readonly #heads: number[];
  /** The newest row of each condition that was judged. */
  readonly #last: (RuleRow | null)[];
  #judgedTo = NaN;
  readonly #values: number[];
  #lapsed = false;
  /** Some row said a level of its own. */
  #moves = false;

  constructor(conditions: readonly RuleCondition[], k: number, by: 'rows' | 'hours') {
    this.#conditions = conditions;
    this.#k = k;
    this.#run = new RuleRun(conditions, k);
    this.#by = by;
    this.#queues = conditions.map(() => []);
    this.#heads = conditions.map(() => 0);
    this.#last = conditions.map(() => null);
    this.#values = conditions.map(() => NaN);
  }

  /** Another one that goes on from the last `close`. */
  copy(): RuleWalk {
    const other = new RuleWalk(this.#conditions, this.#k, this.#by);
    other.#run = this.#run.copy();
    for (const [i, queue] of this.#queues.entries()) other.#queues[i] = [...queue];
    for (const [i, row] of this.#last.entries()) other.#last[i] = row;
    for (const [i, value] of this.#values.entries()) other.#values[i] = value;
    other.#judgedTo = this.#judgedTo;
    other.#lapsed = this.#lapsed;
    other.#moves = this.#moves;
    return other;
  }

  /** Takes in a row of a condition; times ascend. It counts with the next `close`. */
  push(condition: number, row: RuleRow): void {
    this.#queues[condition]?.push(row);
    this.#moves ||= row.level !== undefined;
  }

  /**
   * Judges every period up to `to`, up to which the rows of every condition are closed. Returns the entries among them. `see` is done
   * with the values when it returns.
   */
  close(to: number, see?: SeePeriod): RuleEntry[] {
    const entries: RuleEntry[] = [];
    if (this.#by === 'rows') {
      // Judging a period takes its rows out of the queues.
      for (let row = this.#front(0); row !== null && row.time <= to; row = this.#front(0)) {
        const isNext = Number.isNaN(this.#judgedTo) || row.time - this.#judgedTo <= row.periodMs + SETTLEMENT_SLACK_MS;
        this.#judge(row.time, !isNext, entries, see);
      }
    } else {
      const first = Math.min(...this.#queues.map((queue) => hourClose(queue[0]?.time ?? Infinity)));
      for (let at = Number.isNaN(this.#judgedTo) ? first : this.#judgedTo + HOUR_MS; at <= to; at += HOUR_MS)
        this.#judge(at, false, entries, see);
    }
    this.#lapsed = this.#hasLapsed(to);
    for (const [i, queue] of this.#queues.entries()) {
      queue.splice(0, this.#heads[i]);
      this.#heads[i] = 0;
    }
    return entries;
  }

  /** Of the last close; what rows said long ago is no state of now. */
  get state(): RuleState {
    return this.#lapsed ? { phase: 'quiet', periods: 0, enteredAt: null } : this.#run.state;
  }

  /** At the last period that was judged, whatever time has passed since. */
  get run(): RuleState {
    return this.#run.state;
  }

  /** The rows are over: the next one should long be there. */
  get lapsed(): boolean {
    return this.#lapsed;
  }

  /** The last period that was judged; null: none. */
  get judgedTo(): number | null {
    return Number.isNaN(this.#judgedTo) ? null : this.#judgedTo;
  }

  /** At that period; NaN where there is none. */
  get values(): readonly number[] {
    return this.#values.map((value) => (this.#lapsed ? NaN : value));
  }

  /** The row after the newest one is overdue at `to` (domain 3, "Now, after a gap"). The run itself moves with rows only, as in a replay. */
  #hasLapsed(to: number): boolean {
    return this.#by === 'rows' && to > tellsUntil(this.#judgedTo, (this.#last[0]?.periodMs ?? NaN) / HOUR_MS);
  }

  #judge(at: number, afterGap: boolean, entries: RuleEntry[], see?: SeePeriod): void {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) values[i] = this.#valueAt(i, at);
    const levels = this.#moves ? this.#last.map((row) => row?.level) : undefined;
    const entry = this.#run.close(at, values, afterGap, levels);
    if (entry !== null) entries.push(entry);
    see?.(at, values, levels);
    this.#judgedTo = at;
  }

  #front(condition: number): RuleRow | null {
    return this.#queues[condition]?.[this.#heads[condition] ?? 0] ?? null;
  }

  #valueAt(condition: number, at: number): number {
    for (let row = this.#front(condition); row !== null && row.time <= at; row = this.#front(condition)) {
      this.#last[condition] = row;
      this.#heads[condition] = (this.#heads[condition] ?? 0) + 1;
    }
    const row = this.#last[condition] ?? null;
    if (row === null) return NaN;
    const age = at - row.time;
    return age === 0 || age < row.periodMs ? row.value : NaN;
  }
}
