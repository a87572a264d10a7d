import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { Outbox } from '#node/postgres/outbox.ts';
import { openShared } from '#node/postgres/shared.ts';
import type { PostgresHistory } from '#node/postgres/postgres-history.ts';
import { instrument, poll, silent, snapshot, T0, tempDir } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const MINUTE = 60_000;
const BTC = instrument('BTC').id;
const all = [0, Infinity] as const;

describe.skipIf(server === null)('who records a venue', () => {
  const port = server?.port ?? 0;
  let schemas = 0;
  const store = (schema: string): PostgresHistory => {
    const opened = openOn(targetOf(port, schema), () => T0);
    cleanUps.push(() => opened.close());
    return opened;
  };
  const asked = (schema: string, text: string): string =>
    server?.sql('postgres', `SET search_path = ${schema}, pg_catalog; ${text}`).split('\n').at(-1) ?? '';
  const take = (schema: string, who: string, ms: number, mayTake = true): string =>
    asked(schema, `SELECT epoch, holder FROM take_lease('binance', '${who}', ${ms}, ${mayTake})`);

  test('one holds it until its lease has expired, and the next one has another number', () => {
    const schema = `leases${++schemas}`;
    store(schema);
    expect(take(schema, 'first', 60_000)).toBe('1|first');
    expect(take(schema, 'second', 60_000)).toBe('|first');
    // Again by its holder, whose lease ends at once.
    expect(take(schema, 'first', -1)).toBe('1|first');
    expect(take(schema, 'second', 60_000, false)).toBe('|first');
    expect(take(schema, 'second', 60_000)).toBe('2|second');
    expect(take(schema, 'first', 60_000)).toBe('|second');
  });

  test('a batch of one whose lease another has taken is refused whole, and what the new one records stays', () => {
    const schema = `leases${++schemas}`;
    const [old, next] = [store(schema), store(schema)];
    take(schema, 'old', -1);
    old.hold({ holder: 'old', epochs: { binance: 1 } });
    old.recordPoll(poll(T0 + MINUTE, [snapshot('BTC', { rate: 0.0001 })]));
    expect(take(schema, 'next', 60_000)).toBe('2|next');
    next.hold({ holder: 'next', epochs: { binance: 2 } });
    next.recordPoll(poll(T0 + 2 * MINUTE, [snapshot('BTC', { rate: 0.0002 })]));
    expect(() => old.recordPoll(poll(T0 + 3 * MINUTE, [snapshot('BTC', { rate: 0.0003 }), snapshot('ETH')]))).toThrow(
      /lease of \w+ is held by another/u,
    );
    expect(() => old.recordSettled(BTC, [{ stamp: T0, rate: 0.5, intervalH: 8, mark: null, premium: null }], T0, null)).toThrow(
      /lease of \w+ is held by another/u,
    );
    expect([...next.snapshots(BTC, ...all).rate]).toEqual([0.0001, 0.0002]);
    expect(next.settled(BTC, ...all).key).toHaveLength(0);
    // What the old one tried left nothing behind: not even the instrument that it named first.
    expect(next.instruments().map(({ id }) => id)).toEqual([BTC]);
    // Of a venue that no one gave it nothing is written either.
    expect(() => next.recordPoll(poll(T0, [], { venue: 'bybit', instruments: [instrument('BTC', 'bybit')] }))).toThrow(
      /lease of \w+ is held by another/u,
    );
  });

  test('books are a venue’s batch too', () => {
    const schema = `leases${++schemas}`;
    const [old, next] = [store(schema), store(schema)];
    take(schema, 'old', -1);
    old.hold({ holder: 'old', epochs: { binance: 1 } });
    old.recordPoll(poll(T0 + MINUTE, [snapshot('BTC')]));
    const book = { instrument: BTC, at: T0 + MINUTE, mid: 100, bids: new Float64Array([0.001, 5]), asks: new Float64Array([0.001, 5]) };
    old.recordBooks([book]);
    take(schema, 'next', 60_000);
    const other = newInstrument({ venue: 'bybit', symbol: 'BTCUSDT', asset: 'BTC', quote: 'USDT', settle: 'USDT' });
    old.hold({
      holder: 'old',
      epochs: { binance: 1, bybit: Number(asked(schema, "SELECT epoch FROM take_lease('bybit', 'old', 60000, true)")) },
    });
    old.recordPoll({
      ...poll(T0 + MINUTE, []),
      venue: 'bybit',
      instruments: [other],
      snapshots: [{ ...snapshot('BTC'), symbol: 'BTCUSDT' }],
    });
    // What is refused of one venue costs the other nothing.
    const later = { ...book, at: T0 + 2 * MINUTE };
    expect(() => old.recordBooks([later, { ...later, instrument: other.id }])).toThrow(/lease of \w+ is held by another/u);
    expect([...next.books(BTC, ...all).at]).toEqual([T0 + MINUTE]);
    expect([...next.books(other.id, ...all).at]).toEqual([T0 + 2 * MINUTE]);
  });

  test('what waited on a collector’s disk since before another took over lies beside it; what was observed after that is refused', () => {
    const schema = `leases${++schemas}`;
    const [old, next, again] = [store(schema), store(schema), store(schema)];
    take(schema, 'old', -1);
    old.hold({ holder: 'old', epochs: { binance: 1 } });
    old.recordPoll(poll(T0 + MINUTE, [snapshot('BTC', { rate: 0.0001 })]));
    take(schema, 'next', 60_000);
    next.hold({ holder: 'next', epochs: { binance: 2 } });
    again.hold({ holder: 'again', epochs: {} });
    next.recordPoll(poll(T0 + 3 * MINUTE, [snapshot('BTC', { rate: 0.0003 })]));
    again.recordLate('recordPoll', [poll(T0 + 2 * MINUTE, [snapshot('BTC', { rate: 0.0002 })])], {
      epoch: 1,
      agoMs: 60_000,
      mayWait: true,
    });
    const unknown = { epoch: 2, agoMs: 60_000, mayWait: true };
    expect(() => again.recordLate('recordPoll', [poll(T0 + 4 * MINUTE, [snapshot('BTC')])], unknown)).toThrow(/not known yet/u);
    const after = (epoch: number) => () =>
      again.recordLate('recordPoll', [poll(T0 + 4 * MINUTE, [snapshot('BTC', { rate: 0.0004 })])], {
        epoch,
        agoMs: 0,
        mayWait: true,
      });
    expect(after(1)).toThrow(/was held by another then/u);
    // Of a time in which no one of the desk recorded it.
    expect(after(0)).toThrow(/was held by another then/u);
    expect(() => again.recordPoll(poll(T0 + 4 * MINUTE, [snapshot('BTC')]))).toThrow(/lease of \w+ is held by another/u);
    next.recordPoll(poll(T0 + 5 * MINUTE, [snapshot('BTC', { rate: 0.0005 })]));
    expect([...next.snapshots(BTC, ...all).rate]).toEqual([0.0001, 0.0002, 0.0003, 0.0005]);
    expect(again.latest().map(({ snapshot: { rate } }) => rate)).toEqual([0.0005]);
  });

  test('one that was paused while another recorded and ended has it again under another number, and records', async () => {
    const schema = `leases${++schemas}`;
    const shared = await openShared({
      ...{ target: targetOf(port, schema), dir: tempDir(), venues: ['binance'], tells: false, log: silent, now: () => T0 },
    });
    cleanUps.push(() => shared.close());
    const never = new AbortController().signal;
    await shared.changed(never);
    const record = (minute: number) => shared.store.recordPoll(poll(T0 + minute * MINUTE, [snapshot('BTC', { rate: minute / 1e4 })]));
    await record(1);
    // As the other one's take_lease and give_up_lease leave the row, between two rounds of this one.
    asked(schema, "UPDATE leases SET holder = 'other', epoch = epoch + 1, expires_at = '-infinity' WHERE what = 'binance'");
    await shared.changed(never);
    expect(asked(schema, "SELECT epoch FROM leases WHERE what = 'binance'")).toBe('3');
    await record(2);
    expect([...(await shared.store.snapshots(BTC, ...all)).rate]).toEqual([0.0001, 0.0002]);
  });

  test('a batch that has begun is waited for, and the server ends one that does not go on', () => {
    const schema = `leases${++schemas}`;
    store(schema);
    take(schema, 'old', -1);
    const waits = server?.sql(
      'postgres',
      `SET search_path = ${schema}, pg_catalog; BEGIN; SELECT under_lease('binance', 'old', 1);
       SELECT mode FROM pg_locks WHERE relation = 'leases'::regclass AND mode = 'RowShareLock' AND pid = pg_backend_pid(); COMMIT`,
    );
    expect(waits).toContain('RowShareLock');
    expect(take(schema, 'next', 60_000)).toBe('2|next');
  });
});

describe.skipIf(server === null)('a database that is away', () => {
  const port = server?.port ?? 0;

  test('what a collector’s folder has waiting is written also where another holds the venue since, or it is said', async () => {
    const dir = tempDir();
    const target = targetOf(port, 'left_waiting');
    const first = openOn(target, () => T0);
    cleanUps.push(() => first.close());
    const sql = (text: string) => server?.sql('postgres', `SET search_path = left_waiting, pg_catalog; ${text}`);
    sql("SELECT take_lease('binance', 'gone', -1, true)");
    first.hold({ holder: 'gone', epochs: { binance: 1 } });
    first.recordPoll(poll(T0, [snapshot('BTC', { rate: 0 })]));
    const outbox = new Outbox<unknown>(join(dir, 'outbox.bin'), 1e6);
    const waits = (minute: number, at: number) =>
      outbox.put({
        method: 'recordPoll',
        input: [poll(T0 + minute * MINUTE, [snapshot('BTC', { rate: minute / 1e4 })])],
        then: { epoch: 1, at },
      });
    waits(1, Date.now() - 60_000);
    waits(2, Date.now() + 60_000);
    outbox.close();
    sql("SELECT take_lease('binance', 'other', 60000, true)");
    const shared = await openShared({ target, dir, venues: ['binance'], tells: false, log: silent, now: () => T0 });
    cleanUps.push(() => shared.close());
    await expect
      .poll(async () => (await shared.store.tend()).notices.join())
      .toBe('Of what waited for the database 1 were refused: another collector recorded by then, or they could not be stored.');
    expect(shared.waiting().count).toBe(0);
    expect([...(await shared.store.snapshots(BTC, ...all)).rate]).toEqual([0, 0.0001]);
  });

  test('costs no poll: they wait on disk, that is said, and they are written in their order', async () => {
    const dir = tempDir();
    const target = targetOf(port, 'away');
    const open = () => openShared({ target, dir, venues: ['binance'], tells: true, log: silent, now: () => T0 });
    const shared = await open();
    cleanUps.push(() => shared.close());
    const never = new AbortController().signal;
    await shared.changed(never);
    expect(shared.venues()).toEqual(['binance']);
    expect(shared.role.take()).toBe(true);
    const record = (minute: number) => shared.store.recordPoll(poll(T0 + minute * MINUTE, [snapshot('BTC', { rate: minute / 1e4 })]));
    await record(1);
    server?.stop('immediate');
    for (const minute of [2, 3, 4]) await record(minute);
    expect((await shared.store.tend()).notices.join()).toMatch(/cannot be reached.+3 polls and other facts/u);
    server?.start();
    await expect.poll(async () => (await shared.store.tend()).notices).toEqual([]);
    const { rate, observedAt } = await shared.store.snapshots(BTC, ...all);
    expect([...rate]).toEqual([0.0001, 0.0002, 0.0003, 0.0004]);
    expect([...observedAt]).toEqual([1, 2, 3, 4].map((minute) => T0 + minute * MINUTE));
    expect((await shared.store.latest()).map(({ snapshot: { rate: newest } }) => newest)).toEqual([0.0004]);
  });
});
