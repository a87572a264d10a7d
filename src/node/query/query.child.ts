/** The process of one question: it is told what to read, says the answer once, and ends. The process that started it may kill it at any time. */
import type { Database } from 'better-sqlite3';
import { messageOf } from '../history/errors.ts';
import { connectReadonly } from '../history/connection.ts';
import { readableAt } from '../history/readable-copy.ts';
import { QueryError } from '#core/ports/query.ts';
import { answerOf, schemaOf } from './answer.ts';
import type { QueryOrder, QueryReport } from './protocol.ts';
import { addViews } from './views.ts';

/** What SQLite may take; sorting holds its rows in memory. */
const MOST_BYTES = 512 * 1024 * 1024;

function withFiles<T>({ history, person }: QueryOrder, work: (db: Database) => T): T {
  const [main, beside] = [readableAt(history), person === null ? null : readableAt(person)];
  try {
    const db = connectReadonly(main.path);
    try {
      db.pragma(`hard_heap_limit = ${MOST_BYTES}`);
      // A connection that may only read opens what is attached to it in the same way.
      if (beside !== null) db.prepare('ATTACH ? AS person').run(beside.path);
      addViews(db, beside !== null);
      db.pragma('query_only = ON');
      return work(db);
    } finally {
      db.close();
    }
  } finally {
    main.release();
    beside?.release();
  }
}

function reportOf(order: QueryOrder): QueryReport {
  const { sql } = order;
  try {
    return withFiles(order, (db) =>
      sql === null ? { kind: 'schema', tables: schemaOf(db, order.person !== null) } : { kind: 'answer', answer: answerOf(db, sql) },
    );
  } catch (error) {
    return { kind: 'refused', why: error instanceof QueryError ? error.message : `The history cannot be read: ${messageOf(error)}` };
  }
}

/** Of Electron's utility processes; a child of Node has `process.send` instead. */
interface ParentPort {
  once(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}
const { parentPort } = process as typeof process & { readonly parentPort?: ParentPort };

if (parentPort) {
  parentPort.once('message', ({ data }) => {
    parentPort.postMessage(reportOf(data as QueryOrder));
  });
} else {
  process.once('message', (order: QueryOrder) => {
    process.send?.(reportOf(order), () => process.disconnect());
  });
}
