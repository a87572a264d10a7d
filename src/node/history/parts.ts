import type { Database } from 'better-sqlite3';
import { ChangeWriter } from './changes.ts';
import { type PollLayout, PollWriter } from './polls.ts';
import { PriceWriter } from './prices.ts';
import { HistoryReader } from './reader.ts';
import { RunWriter } from './runs.ts';
import { SettledWriter } from './settled.ts';
import { AskedFor, Spans } from './spans.ts';

/** A database and what reads and writes it. */
export interface Parts {
  readonly db: Database;
  readonly reader: HistoryReader;
  readonly polls: PollWriter;
  readonly settled: SettledWriter;
  readonly prices: PriceWriter;
  readonly spans: Spans;
  readonly runs: RunWriter;
  readonly asked: AskedFor;
  readonly changes: ChangeWriter;
}

export function partsOf(db: Database, layout?: PollLayout): Parts {
  const reader = new HistoryReader(db);
  const spans = new Spans(db);
  const changes = new ChangeWriter(db);
  return {
    db,
    reader,
    polls: new PollWriter(db, layout),
    settled: new SettledWriter(db, reader, spans, changes),
    prices: new PriceWriter(db),
    spans,
    runs: new RunWriter(db),
    asked: new AskedFor(db),
    changes,
  };
}
