import type { Database, Statement } from 'better-sqlite3';
import { QueryError } from '#core/ports/query.ts';

const MAY_BEGIN = ['SELECT', 'WITH', 'EXPLAIN'];
const ONLY = 'Only SELECT, WITH and EXPLAIN can be asked: this page reads and never writes.';

/** The text from its first word on: blanks and comments before it are passed over. */
function fromFirstWord(sql: string): string {
  let rest = sql.trimStart();
  for (;;) {
    const end = rest.startsWith('--') ? rest.indexOf('\n') + 1 : rest.startsWith('/*') ? rest.indexOf('*/', 2) + 2 : 0;
    if (end === 0) return rest.startsWith('--') ? '' : rest;
    // A comment without its end is all that is left.
    if (end === 1 && rest.startsWith('/*')) return '';
    rest = rest.slice(end).trimStart();
  }
}

/**
 * The one statement of the text, where it can do nothing but read; QueryError says why it cannot be asked. The connection is read-only
 * and has no extension; this refuses what such a connection could still do (open other files, change how it works).
 */
export function prepareReadOnly(db: Database, sql: string): Statement<[], unknown[]> {
  const text = fromFirstWord(sql);
  if (text === '') throw new QueryError('Write a question: SELECT ... FROM settlements, for example.');
  const [word = ''] = /^[a-z]+/iu.exec(text) ?? [];
  if (!MAY_BEGIN.includes(word.toUpperCase())) throw new QueryError(ONLY);
  if (text.toLowerCase().includes('pragma_')) throw new QueryError('Functions and tables of PRAGMA cannot be asked here.');
  let statement: Statement<[], unknown[]>;
  try {
    statement = db.prepare<[], unknown[]>(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new QueryError(
      why.includes('more than one statement')
        ? 'One question at a time: there is a second statement behind the first.'
        : `The question cannot be read: ${why}.`,
    );
  }
  if (!statement.reader || !statement.readonly) throw new QueryError(ONLY);
  return statement;
}
