import { HOUR_MS, SETTLEMENT_SLACK_MS } from '../time.ts';
import { LONGEST_INTERVAL_H } from '../interval.ts';

/**
 * Where settlements are missing, from nothing but the rows so far. A row follows the one before it when the gap is no longer
 * than its interval; of a row whose interval is unknown the last known one decides, until the next row tells that the
 * interval had become longer.
 */
export class SettlementHoles {
  #key = NaN;
  #knownH = NaN;
  #unknownBefore = Infinity;
  #lastMissing = -Infinity;
  /** A hole that is only suspected: its row's interval is unknown. */
  #suspectGapMs = NaN;
  #missingBeforeSuspect = -Infinity;

  copy(): SettlementHoles {
    const other = new SettlementHoles();
    other.#key = this.#key;
    other.#knownH = this.#knownH;
    other.#unknownBefore = this.#unknownBefore;
    other.#lastMissing = this.#lastMissing;
    other.#suspectGapMs = this.#suspectGapMs;
    other.#missingBeforeSuspect = this.#missingBeforeSuspect;
    return other;
  }

  /** Latest time at which a settlement is missing; -Infinity of none. */
  get lastMissing(): number {
    return this.#lastMissing;
  }

  /** What the audit of a window that begins at `from` says. */
  notes(from: number): string[] {
    if (this.#lastMissing <= from) return [];
    return [`a settlement is missing, the latest at or before ${new Date(this.#lastMissing).toISOString().slice(0, 16)}Z`];
  }

  /** Latest time before the first row at which a settlement may have been. */
  get unknownBefore(): number {
    return this.#unknownBefore;
  }

  push(key: number, intervalH: number): void {
    const known = intervalH > 0;
    if (Number.isNaN(this.#key)) this.#unknownBefore = known ? key - intervalH * HOUR_MS : key - 1;
    else this.#follow(key, key - this.#key, known ? intervalH : NaN);
    this.#key = key;
    if (known) this.#knownH = intervalH;
  }

  #follow(key: number, gapMs: number, intervalH: number): void {
    if (this.#suspectGapMs <= intervalH * HOUR_MS + SETTLEMENT_SLACK_MS) this.#lastMissing = this.#missingBeforeSuspect;
    this.#suspectGapMs = NaN;
    const stated = intervalH > 0;
    const spanH = stated ? intervalH : Number.isNaN(this.#knownH) ? LONGEST_INTERVAL_H : this.#knownH;
    if (gapMs <= spanH * HOUR_MS + SETTLEMENT_SLACK_MS) return;
    if (!stated) {
      this.#suspectGapMs = gapMs;
      this.#missingBeforeSuspect = this.#lastMissing;
    }
    this.#lastMissing = stated ? key - spanH * HOUR_MS : key - 1;
  }
}
