import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { IDLE_IN_TRANSACTION_MS } from '#node/postgres/connection.ts';
import { STATEMENT_MS, targetFrom } from '#node/postgres/target.ts';
import { openSharedTerminal } from '#node/postgres/terminal.ts';
import { poll, silent, snapshot, T0 } from '../history/support.ts';
import { connectionTo, openOn, server, targetOf } from './support.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const MINUTE = 60_000;
const BTC = 'binance:BTC';
const all = [0, Infinity] as const;
const readAt = (minute: number) => poll(T0 + minute * MINUTE, [snapshot('BTC', { rate: minute / 1e4 })]);

describe.skipIf(server === null)('a terminal on a desk’s history', () => {
  const port = server?.port ?? 0;

  test('hears what is written, reads it to the last bit, and writes nothing', async () => {
    const target = targetOf(port, 'terminal');
    const writer = openOn(target, () => T0);
    cleanUps.push(() => writer.close());
    writer.recordPoll(readAt(1));
    const { store, beside } = await openSharedTerminal({ target, log: silent, now: () => T0 });
    cleanUps.push(() => store.close());
    expect(await store.snapshots(BTC, ...all)).toEqual(writer.snapshots(BTC, ...all));
    // That it listens now is another number already.
    await expect.poll(() => beside?.version()).toBe(2);
    writer.recordPoll(readAt(2));
    await expect.poll(() => beside?.version()).toBe(3);
    expect([...(await store.snapshots(BTC, ...all)).rate]).toEqual([0.0001, 0.0002]);
    await expect(store.recordPoll(readAt(3))).rejects.toThrow(/Nothing is recorded here/u);
    expect(await beside?.takeOver()).toBe(false);
  });

  test('a lost connection is said, and comes back by itself with what was written meanwhile', async () => {
    const target = targetOf(port, 'lost');
    const writer = openOn(target, () => T0);
    cleanUps.push(() => writer.close());
    writer.recordPoll(readAt(1));
    const { store, beside } = await openSharedTerminal({ target, log: silent, now: () => T0 });
    cleanUps.push(() => store.close());
    const before = await beside?.version();
    server?.stop('immediate');
    await expect.poll(async () => (await store.tend()).notices.join()).toMatch(/is not heard since .+ UTC: what is shown is of before/u);
    await expect(store.latest()).rejects.toThrow();
    server?.start();
    await expect.poll(async () => (await store.tend()).notices).toEqual([]);
    expect(await beside?.version()).not.toBe(before);
    writer.recordPoll(readAt(2));
    await expect.poll(async () => (await store.latest())[0]?.snapshot.rate).toBe(0.0002);
  });

  test('where there is no history, or of a newer version, it is said', async () => {
    await expect(openSharedTerminal({ target: targetOf(port, 'none'), log: silent, now: () => T0 })).rejects.toThrow(
      /There is no history at/u,
    );
    openOn(targetOf(port, 'newer'), () => T0).close();
    server?.sql('postgres', 'UPDATE newer.schema_version SET version = 1000');
    await expect(openSharedTerminal({ target: targetOf(port, 'newer'), log: silent, now: () => T0 })).rejects.toThrow(/newer Perpscope/u);
    expect(() => openOn(targetOf(port, 'newer'), () => T0)).toThrow(/newer Perpscope/u);
  });
});

describe.skipIf(server === null)('roles', () => {
  test('the writer makes the history and records; the reader reads it, and can change nothing whatever it says', () => {
    const port = server?.port ?? 0;
    const database = new URL(server?.newDatabase() ?? '').pathname.slice(1);
    const docs = resolve(import.meta.dirname, '../../../../docs');
    const roles = join(docs, 'desk-roles.sql');
    const psql = (user: string, ...args: readonly string[]): string =>
      execFileSync('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-AtX', '-v', 'ON_ERROR_STOP=1', ...args, database], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
    psql('owner', '-f', roles);
    const writer = openOn(targetOf(port, 'perpscope', { database, user: 'perpscope_writer' }), () => T0);
    cleanUps.push(() => writer.close());
    writer.recordPoll(readAt(1));
    const reader = (text: string): string =>
      psql('perpscope_reader', '-c', 'SET search_path = perpscope', '-c', 'SET default_transaction_read_only = off', '-c', text);
    expect(reader('SELECT count(*) FROM snapshot_cold').split('\n').at(-1)).toBe('1');
    for (const change of [
      'DELETE FROM snapshot_cold',
      'INSERT INTO runs VALUES (1, 2)',
      'UPDATE settled SET rate = 0',
      'TRUNCATE newest',
      'DROP TABLE settled',
      'CREATE TABLE mine (a int)',
      'CREATE TABLE public.mine (a int)',
      "SELECT month_of('hour_cold', 0)",
      "SELECT * FROM take_lease('binance', 'reader', 1000, true)",
      "SELECT nextval('terms_number')",
    ])
      expect(() => reader(change), change).toThrow(/permission denied|must be owner/u);
    // What the roles, our connections and the documentation say of the longest statement and the longest standstill is one thing.
    const ours = { statement: STATEMENT_MS / 1000, idle: IDLE_IN_TRANSACTION_MS / 1000 };
    const said = /statements end after (?<statement>\d+) seconds and transactions that stand still after (?<idle>\d+)\./u;
    const { statement, idle } = said.exec(readFileSync(join(docs, 'desk.md'), 'utf8'))?.groups ?? {};
    expect({ statement: Number(statement), idle: Number(idle) }).toEqual(ours);
    for (const role of ['perpscope_writer', 'perpscope_reader'])
      expect(psql(role, '-c', 'SHOW statement_timeout', '-c', 'SHOW idle_in_transaction_session_timeout'), role).toBe(
        `${ours.statement}s\n${ours.idle}s`,
      );
    // A connection of ours asks for reading alone before it is refused anything.
    const connection = connectionTo(targetOf(port, 'perpscope', { database, user: 'perpscope_writer', readOnly: true }));
    cleanUps.push(() => connection.close());
    expect(() => connection.run([{ text: 'DELETE FROM snapshot_cold', values: [], raw: true }], false)).toThrow(/read-only transaction/u);
    const asked = connectionTo(targetFrom(`postgres://owner@127.0.0.1:${port}/${database}`, {}, 'test', true));
    cleanUps.push(() => asked.close());
    const limits = ['statement_timeout', 'idle_in_transaction_session_timeout'].map((name) => ({
      text: `SHOW ${name}`,
      values: [],
      raw: true,
    }));
    expect(asked.run(limits, false).map(({ rows }) => rows)).toEqual([[[`${ours.statement}s`]], [[`${ours.idle}s`]]]);
  });
});
