import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PollRecord } from '#core/ports/history-facts.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { BlockingConnection } from '#node/postgres/blocking.ts';
import { ABORTED, Connection } from '#node/postgres/connection.ts';
import type { PostgresHistory } from '#node/postgres/postgres-history.ts';
import { copiedRows } from '#node/postgres/rows.ts';
import type { Said } from '#node/postgres/wire.ts';
import { instrument, poll, silent, snapshot, T0 } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

const dir = mkdtempSync(join(tmpdir(), 'perpscope-copied-'));
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  rmSync(dir, { recursive: true, force: true });
});

const COUNT = 120;
const symbols = Array.from({ length: COUNT }, (_, i) => `S${i}`);
/** Doubles that no short text says: the smallest, a third, many digits, and what is not known. */
const odd = [5e-324, 1 / 3, 1.7976931348623157e308, 123_456.789_012_345_67];
const pollAt = (minute: number, of = symbols): PollRecord =>
  poll(
    T0 + minute * 60_000,
    of.map((symbol, i) =>
      snapshot(symbol, {
        rate: minute / 1e4 + i / 3e7,
        openInterest: odd[i % 5] ?? null,
        nextFundingAt: i % 2 === 0 ? null : T0 + 3_600_000,
      }),
    ),
    { instruments: symbols.map((symbol) => instrument(symbol)) },
  );

describe.skipIf(server === null)('polls of many instruments', () => {
  const port = server?.port ?? 0;
  test('go by COPY, are what a file holds to the last bit, and one that was told before changes nothing', () => {
    const run = vi.spyOn(BlockingConnection.prototype, 'run');
    const desk: PostgresHistory = openOn(targetOf(port, 'copied'), () => T0);
    const file = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: silent, now: () => T0 });
    cleanUps.push(
      () => desk.close(),
      () => file.close(),
    );
    const isCopied = (): boolean => run.mock.calls.some(([said]) => said.some(({ copied }) => copied !== undefined));
    const both = (record: PollRecord): void => {
      for (const store of [desk, file]) expect(store.recordPoll(record).refused).toEqual([]);
    };
    // Of one instrument: a row each, said beside no other.
    both(pollAt(1, ['S7']));
    expect(isCopied()).toBe(false);
    both(pollAt(2));
    expect(isCopied()).toBe(true);
    // The answer to it was lost, or the outbox has it again.
    both(pollAt(2));
    // A poll of which one row is there already: the others are kept.
    both(pollAt(1));
    both(pollAt(3));
    for (const symbol of symbols) {
      const { id } = instrument(symbol);
      expect(desk.snapshots(id, 0, Infinity)).toEqual(file.snapshots(id, 0, Infinity));
      expect([...desk.snapshots(id, 0, Infinity).observedAt]).toEqual([1, 2, 3].map((minute) => T0 + minute * 60_000));
    }
    expect(desk.latest()).toEqual(file.latest());
  });

  test('a row that is refused fails the transaction: nothing is acknowledged, and the connection goes on', async () => {
    const connection = await Connection.open(targetOf(port, 'public'));
    cleanUps.push(() => connection.close());
    const say = (text: string): Said => ({ text, values: [], raw: true });
    const copy = (...values: number[]): Said => ({ ...say('COPY once FROM STDIN (FORMAT binary)'), copied: copiedRows(1, values) });
    await connection.run([say('CREATE TABLE once (value float8 PRIMARY KEY)')]);
    await connection.run([say('BEGIN'), copy(1, 2), say('COMMIT')]);
    await expect(connection.run([say('BEGIN'), copy(3, 2), say('COMMIT')])).rejects.toMatchObject({ code: ABORTED });
    // What failed before is what is told, not that nothing could be copied after it.
    await expect(connection.run([say('BEGIN'), say('SELECT 1 / 0'), copy(4), say('COMMIT')])).rejects.toMatchObject({ code: '22012' });
    await connection.run([say('ROLLBACK')]);
    const [answer] = await connection.run([say('SELECT value FROM once ORDER BY value')]);
    expect(answer?.rows).toEqual([[1], [2]]);
  });
});
