import type { Database, Statement } from 'better-sqlite3';
import { gapsOf, mergeSpans } from '#core/spans.ts';
import type { Asked, SeriesKind } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { Span } from '#domain/time.ts';
import { checkSpan, time } from './checks.ts';
import { metaOf } from './versions.ts';

/** In the order of the numbers by which tables name them. */
export const KINDS: readonly SeriesKind[] = ['settled', 'price'];
export const KIND: Record<SeriesKind, number> = { settled: 0, price: 1 };

interface Word {
  readonly version: number;
  readonly from_t: number | null;
  readonly to_t: number;
  readonly late_ms: number | null;
  readonly taken_back: number | null;
}

/** Proven stretches: each as it was learnt, and what holds now, merged. */
export class Spans {
  readonly #now: Statement<[number, string], Span>;
  readonly #words: Statement<[number, number], Word>;
  readonly #last: Statement<[number, number], Word>;
  readonly #put: Statement;
  readonly #met: Statement<[number, string, number, number], Span>;
  readonly #drop: Statement;
  readonly #add: Statement;
  readonly #unknown: number;

  constructor(db: Database) {
    this.#now = db.prepare('SELECT from_t AS "from", to_t AS "to" FROM spans WHERE instrument = ? AND kind = ? ORDER BY from_t');
    this.#words = db.prepare(
      'SELECT version, from_t, to_t, late_ms, taken_back FROM spans_learnt WHERE instrument = ? AND kind = ? ORDER BY version',
    );
    this.#last = db.prepare(
      'SELECT version, from_t, to_t, late_ms, taken_back FROM spans_learnt WHERE instrument = ? AND kind = ? ORDER BY version DESC LIMIT 1',
    );
    this.#put = db.prepare('INSERT INTO spans_learnt VALUES (?, ?, ?, ?, ?, ?, ?)');
    const met = 'instrument = ? AND kind = ? AND from_t <= ? AND to_t >= ?';
    this.#met = db.prepare(`SELECT from_t AS "from", to_t AS "to" FROM spans WHERE ${met}`);
    this.#drop = db.prepare(`DELETE FROM spans WHERE ${met}`);
    this.#add = db.prepare('INSERT INTO spans (instrument, kind, from_t, to_t) VALUES (?, ?, ?, ?)');
    this.#unknown = metaOf(db, 'taken_over_at') ?? 0;
  }

  /** What is proven, ascending and merged. */
  read(number: number, kind: SeriesKind, asOf: AsOf): Span[] {
    if (asOf === null) return this.#now.all(number, kind);
    let spans: Span[] = [];
    let end = 0;
    for (const { from_t, to_t: to, late_ms, taken_back } of this.#words.all(number, KIND[kind])) {
      const from = from_t ?? end;
      end = to;
      if ((late_ms === null ? this.#unknown : to + late_ms) > asOf) continue;
      const last = spans.at(-1);
      if (taken_back === 1) spans = spans.flatMap((span) => gapsOf([{ from, to }], span.from, span.to));
      else if (last && from >= last.from && from <= last.to) spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, to) };
      else spans = mergeSpans([...spans, { from, to }]);
    }
    return spans;
  }

  /** Adds what of `proven` is not in `open`; gives where that begins, Infinity where nothing is new. Inside the caller's transaction. */
  prove(number: number, kind: SeriesKind, proven: Span | null, open: readonly Span[], learntAt: number): number {
    if (!proven) return Infinity;
    const met = this.#met.all(number, kind, proven.to, proven.from);
    const added = gapsOf([...met, ...open], proven.from, proven.to);
    for (const span of added) this.#change(number, kind, span, learntAt, false);
    return added[0]?.from ?? Infinity;
  }

  /** Takes (from, to] out of the proven stretches; gives where that begins, Infinity where none was. Inside the caller's transaction. */
  takeBack(number: number, kind: SeriesKind, { from, to }: Span, learntAt: number): number {
    let first = Infinity;
    for (const held of this.#met.all(number, kind, to, from)) {
      const cut = { from: Math.max(held.from, from), to: Math.min(held.to, to) };
      if (cut.to <= cut.from) continue;
      this.#change(number, kind, cut, learntAt, true);
      first = Math.min(first, cut.from);
    }
    return first;
  }

  #change(number: number, kind: SeriesKind, span: Span, learntAt: number, isTakenBack: boolean): void {
    const { from, to } = span;
    const last = this.#last.get(number, KIND[kind]);
    const from_t = last?.to_t === from ? null : from;
    this.#put.run(number, KIND[kind], (last?.version ?? 0) + 1, from_t, to, learntAt - to, isTakenBack ? 1 : null);
    const met = this.#met.all(number, kind, to, from);
    this.#drop.run(number, kind, to, from);
    const after = isTakenBack ? met.flatMap((one) => gapsOf([span], one.from, one.to)) : mergeSpans([...met, span]);
    for (const one of after) this.#add.run(number, kind, one.from, one.to);
  }
}

/** What was asked for and did not come. */
export class AskedFor {
  readonly #newest: Statement<[number, number, number], { version: number; stretches: string }>;
  readonly #put: Statement;

  constructor(db: Database) {
    this.#newest = db.prepare(
      'SELECT version, stretches FROM asked_later WHERE instrument = ? AND kind = ? AND learnt_at <= ? ORDER BY version DESC LIMIT 1',
    );
    this.#put = db.prepare('INSERT INTO asked_later VALUES (?, ?, ?, ?, ?)');
  }

  read(number: number, kind: SeriesKind, asOf: AsOf): Asked[] {
    const stretches = JSON.parse(this.#newest.get(number, KIND[kind], asOf ?? Infinity)?.stretches ?? '[]') as number[][];
    return stretches.map(([from = 0, to = 0, at = 0, since = 0]) => ({ from, to, at, since }));
  }

  /** In the place of what stood there, which stays as what was known before. */
  write(number: number, kind: SeriesKind, asked: readonly Asked[], learntAt: number): void {
    for (const { from, to, at, since } of asked) {
      checkSpan({ from, to }, 'a stretch that was asked for');
      time(at, 'when it was asked for');
      time(since, 'since when it is asked for');
    }
    const ascending = [...asked].sort((a, b) => a.from - b.from);
    const stretches = JSON.stringify(ascending.map(({ from, to, at, since }) => [from, to, at, since]));
    const before = this.#newest.get(number, KIND[kind], Infinity);
    if ((before?.stretches ?? '[]') === stretches) return;
    this.#put.run(number, KIND[kind], (before?.version ?? 0) + 1, time(learntAt, 'when it was learnt'), stretches);
  }
}
