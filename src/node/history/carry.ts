import type { Database } from 'better-sqlite3';

/** Tables of facts by time, and the column that holds it. Settled rates and prices are asked for again. */
const FACTS = [
  ['snapshot_hot', 'ts'],
  ['snapshot_cold', 'ts'],
  ['hour_hot', 'close'],
  ['hour_cold', 'close'],
  ['book_raw', 'ts'],
  ['book_hour', 'ts'],
  ['signals', 'at'],
  ['events', 'at'],
  ['funding_caps', 'from_t'],
] as const;

/**
 * Puts the facts of `from` that are newer than `since` beside what `to` holds; what stands there stays. Both are of the newest
 * version. `numberOf` gives an instrument's number in `to`.
 */
export function carryOver(from: Database, to: Database, since: number, numberOf: (id: string) => number): void {
  const instruments = from.prepare<[], { number: number; id: string }>('SELECT number, id FROM instruments').all();
  const numbers = new Map(instruments.map(({ number, id }) => [number, numberOf(id)]));
  to.transaction(() => {
    for (const [table, time] of FACTS) {
      const columns = from
        .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => name)
        // An event's number is only its place in the order.
        .filter((name) => name !== 'number');
      const put = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
      const rows = from.prepare<[number], unknown[]>(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${time} > ?`).raw();
      // Events name their instrument by its id.
      const place = table === 'events' ? -1 : columns.indexOf('instrument');
      for (const row of rows.all(since)) put.run(row.map((value, i) => (i === place ? numbers.get(Number(value)) : value)));
    }
  }).immediate();
}
