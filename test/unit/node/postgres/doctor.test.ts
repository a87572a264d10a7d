import { afterEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../../../src/cli/command.ts';
import { doctor, faultsOf } from '../../../../src/cli/doctor.ts';
import { instrument, poll, snapshot } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    read: () => Promise.reject(new Error('nothing is read')),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  return { code: await runCommand(doctor, args, io), out, err };
}

describe.skipIf(server === null)('doctor', () => {
  test('says who records, how old the newest of each venue is, and what is wrong', async () => {
    const database = server?.newDatabase() ?? '';
    const name = new URL(database).pathname.slice(1);
    const store = openOn(targetOf(server?.port ?? 0, 'perpscope', { database: name }), Date.now);
    closers.push(() => store.close());
    store.recordPoll(poll(Date.now() - 2_000, [snapshot('BTC'), snapshot('ETH')]));
    store.recordPoll(poll(Date.now() - 7_200_000, [snapshot('BTC')], { venue: 'bybit', instruments: [instrument('BTC', 'bybit')] }));
    store.recordPoll(poll(Date.now() + 54.5 * 60_000, [snapshot('BTC')], { venue: 'gate', instruments: [instrument('BTC', 'gate')] }));
    // Settlements of hours 0 to 10 and 20 to 30 are proven. What lies between was asked for in vain up to the hour 15.
    const hour = (h: number): number => Date.UTC(2026, 0, 1, h);
    for (const [from, to] of [
      [0, 10],
      [20, 30],
    ] as const)
      store.recordSettled('binance:ETH', [], hour(40), { from: hour(from), to: hour(to) });
    store.recordAsked('binance:ETH', 'settled', [{ from: hour(10), to: hour(15), at: hour(40), since: hour(40) }], hour(40));
    server?.sql(name, `SET search_path = perpscope, pg_catalog; SELECT take_lease('binance', 'box one', 3600000, true)`);
    const { code, out } = await run('--store', database, '--json');
    const { data } = JSON.parse(out) as { data: { leases: object[]; venues: { lagS: number }[]; faults: string[] } };
    expect(data.leases).toMatchObject([{ what: 'binance', holder: 'box one', epoch: 1 }]);
    expect(data.venues).toMatchObject([
      { venue: 'binance', instruments: 2, oldestHole: { instrument: 'binance:ETH', from: hour(15), to: hour(20) } },
      { venue: 'bybit', instruments: 1, oldestHole: null },
      { venue: 'gate', instruments: 1 },
    ]);
    const ahead = "The newest of gate is 54 min ahead of this machine's clock: this clock or its collector's is wrong.";
    expect(data.venues[1]?.lagS).toBeGreaterThanOrEqual(7_200);
    expect(data.faults).toEqual(['No collector records bybit.', 'The newest of bybit is 2 h old.', 'No collector records gate.', ahead]);
    expect(code).toBe(1);
    const told = await run('--store', database);
    expect(told.out).toMatch(
      /binance +2 instruments, newest (?:\d+ s|1 min) ago, recorded by box one: its lease holds for (?:59 min|1 h) more, holders so far: 1; oldest hole 2026-01-01 15:00 UTC to 2026-01-01 20:00 UTC \(binance:ETH\)\n/u,
    );
    expect(told.out).toMatch(/bybit +1 instruments, newest 2 h ago, no collector\n/u);
    expect(told.out).toContain("1 instruments, newest 54 min ahead of this machine's clock, no collector");
    // The demo's time runs faster than a clock.
    const lease = { what: 'gate', holder: 'box one', epoch: 1, leftS: 9 };
    const demo = {
      leases: [lease],
      venues: [{ venue: 'gate', instruments: 1, lagS: -3_244, oldestHole: null }],
      historyBytes: 0,
      databaseBytes: 0,
      settledRows: 0,
    };
    expect(faultsOf(demo, true)).toEqual([]);
    expect(faultsOf(demo, false)).toEqual([ahead]);
  });

  test('without an address it says which one it needs, and an address with a password is refused', async () => {
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('--store names the history') as string });
    expect(await run('--store', 'postgres://me:secret@db.example/desk')).toMatchObject({
      code: 4,
      err: expect.not.stringContaining('secret@') as string,
    });
  });
});
