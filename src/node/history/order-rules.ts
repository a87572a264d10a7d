import type { Database } from 'better-sqlite3';
import type { StoredOrderRules } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { OrderRules } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { time } from './checks.ts';

/** Migration: what venues demand of orders (steps, least sizes, tiers, fees of a liquidation), whole, whenever they said otherwise than before. */
export function addOrderRules(db: Database): void {
  db.exec(`
    CREATE TABLE order_rules (
      instrument INTEGER NOT NULL,
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL CHECK (learnt_at >= 0),
      body TEXT NOT NULL,
      PRIMARY KEY (instrument, version)
    ) STRICT, WITHOUT ROWID;
  `);
}

/** A version beside what was said before, unless it says the same. */
export function writeOrderRules(db: Database, number: number, rules: OrderRules, learntAt: number): void {
  const newest = db
    .prepare<[number], { version: number; body: string }>(
      'SELECT version, body FROM order_rules WHERE instrument = ? ORDER BY version DESC LIMIT 1',
    )
    .get(number);
  const body = JSON.stringify(rules);
  if (newest?.body === body) return;
  const put = db.prepare('INSERT INTO order_rules (instrument, version, learnt_at, body) VALUES (?, ?, ?, ?)');
  put.run(number, (newest?.version ?? 0) + 1, time(learntAt, 'when order rules were learnt'), body);
}

export function readOrderRules(db: Database, instrument: InstrumentId, asOf: AsOf): StoredOrderRules | null {
  const row = db
    .prepare<[string, number], { learnt_at: number; body: string }>(
      `SELECT learnt_at, body FROM order_rules WHERE instrument = (SELECT number FROM instruments WHERE id = ?) AND learnt_at <= ?
       ORDER BY version DESC LIMIT 1`,
    )
    .get(instrument, asOf ?? Infinity);
  return row ? { rules: JSON.parse(row.body) as OrderRules, learntAt: row.learnt_at } : null;
}
