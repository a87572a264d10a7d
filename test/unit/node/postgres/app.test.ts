import { afterEach, describe, expect, test } from 'vitest';
import type { CallName, CallOutput } from '#bridge/contract.ts';
import { DEMO_SEED, type OpenedApp } from '#node/open-app.ts';
import { openTestApp } from '#test/support/open-app.ts';
import { schemaOf } from '#node/postgres/target.ts';
import { instrument, poll, snapshot, tempDir } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

const BTC = 'binance:BTCUSDT';
const HOUR = 3_600_000;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function ask<N extends CallName>({ app }: OpenedApp, name: N, input: unknown = {}): Promise<CallOutput<N>> {
  const answer = await app.dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as CallOutput<N>;
}

describe.skipIf(server === null)('the app on a desk’s history', () => {
  test('shows what the desk records, hears of more, and says that it records nothing; lists stay its own', async () => {
    const database = server?.newDatabase() ?? '';
    const name = new URL(database).pathname.slice(1);
    const start = Math.floor(Date.now() / HOUR) * HOUR;
    const writer = openOn(targetOf(server?.port ?? 0, schemaOf(true), { database: name }), Date.now);
    closers.push(() => writer.close());
    const record = (at: number, rate: number) =>
      writer.recordPoll(poll(at, [snapshot('BTCUSDT', { rate })], { instruments: [{ ...instrument('BTCUSDT'), asset: 'BTC' }] }));
    record(start, 0.0001);
    const one = await openTestApp(tempDir(), { demo: { speed: 1, seed: DEMO_SEED }, history: database });
    closers.push(() => one.close());
    await one.app.start();
    const rate = async (): Promise<number | undefined> =>
      (await ask(one, 'watchlist.rows')).find(({ instrument: { id } }) => id === BTC)?.rate ?? undefined;
    await expect.poll(rate).toBe(0.0001);
    expect((await ask(one, 'history.status')).notices.join('\n')).toContain(
      `This window shows the history at 127.0.0.1:${server?.port}/${name}`,
    );
    record(start + 60_000, 0.0007);
    await expect.poll(rate).toBe(0.0007);
    // Its own page of questions would ask another history than the one that is shown.
    await expect(ask(one, 'query.schema')).rejects.toThrow(/shows a desk's at 127\.0\.0\.1:.+ ask that with psql/u);
    // Nothing of it lies in the folder, and nothing was written where it lies.
    expect(await ask(one, 'history.status')).toMatchObject({ settledRows: 0 });
    expect(server?.sql(name, `SELECT count(*) FROM ${schemaOf(true)}.snapshot_cold`)).toBe('2');
  });
});
