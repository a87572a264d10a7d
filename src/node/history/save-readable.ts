import type Database from 'better-sqlite3';
import { connectReadonly } from './connection.ts';
import { isDamage } from './errors.ts';
import { schemaOf, versionOf } from './schema.ts';

const BATCH = 10_000;

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/**
 * Copies what can still be read of a damaged history into `into`, an empty one of the same layout: every table from its beginning and
 * from its end, up to the first damage. How many rows that were; 0 where the file is no database, or of another layout.
 */
export function copyReadable(damaged: string, into: Database.Database): number {
  let from: Database.Database | null = null;
  try {
    from = connectReadonly(damaged);
    if (versionOf(from) !== versionOf(into) || schemaOf(from) !== schemaOf(into)) return 0;
    into.pragma('foreign_keys = OFF');
    let rows = 0;
    for (const table of tablesOf(into)) for (const order of ['ASC', 'DESC'] as const) rows += copyTable(from, into, table, order);
    return rows;
  } catch (error) {
    // Already its beginning is damaged, which names the tables.
    if (isDamage(error)) return 0;
    throw error;
  } finally {
    from?.close();
  }
}

function tablesOf(db: Database.Database): Table[] {
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all();
  return names.map((name) => {
    const info = db.prepare<[string], { name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)').all(name);
    const key = info.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    return { name, columns: info.map((column) => column.name), key: key.map((column) => column.name) };
  });
}

function copyTable(from: Database.Database, into: Database.Database, { name, columns, key }: Table, order: 'ASC' | 'DESC'): number {
  const order_by = (key.length > 0 ? key : ['rowid']).map((column) => `"${column}" ${order}`).join(', ');
  const list = columns.map((column) => `"${column}"`).join(', ');
  // The facts of the file itself, as when its layout was made, are in the new one already, and are the old one's.
  const put = into.prepare(
    `INSERT OR ${name === 'meta' ? 'REPLACE' : 'IGNORE'} INTO "${name}" (${list}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  let copied = 0;
  const keep = into.transaction((rows: readonly unknown[][]) => {
    for (const row of rows) copied += put.run(...row).changes;
  });
  const batch: unknown[][] = [];
  try {
    const rows = from.prepare<[], unknown[]>(`SELECT ${list} FROM "${name}" ORDER BY ${order_by}`).raw().safeIntegers();
    for (const row of rows.iterate()) {
      if (batch.push(row) >= BATCH) keep(batch.splice(0));
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  keep(batch);
  return name === 'meta' ? 0 : copied;
}
