import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { HistoryEvent } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import { HistoryError } from '#node/history/errors.ts';
import { buffered } from '#node/postgres/buffered.ts';
import { tempDir } from '../history/support.ts';

const event = (n: number): HistoryEvent => ({ at: n, kind: 'sleep', venue: 'binance', instrument: null, text: `event ${n}` });

/** A database that can be away, and knows what was written into it. */
function database(): {
  store: HistoryStore;
  isAway: boolean;
  why: 'busy' | 'full' | 'unwritable';
  refuses: string | null;
  readonly written: string[];
} {
  const state = {
    isAway: false,
    why: 'busy' as 'busy' | 'full' | 'unwritable',
    refuses: null as string | null,
    written: [] as string[],
    store: {
      recordEvent({ text }: HistoryEvent) {
        if (state.isAway) return Promise.reject(new HistoryError(state.why, 'the database is away'));
        if (text === state.refuses) return Promise.reject(new HistoryError('failed', 'another collector holds it'));
        state.written.push(text);
        return Promise.resolve();
      },
      tend: () => Promise.resolve({ file: 0, notices: [] }),
      close: () => Promise.resolve(),
    } as unknown as HistoryStore,
  };
  return state;
}
const log = { write: () => undefined };
const alone = { late: () => Promise.reject(new Error('no other took it')), wants: () => true, epochOf: () => 1, now: () => 0 };
const noticesOf = async (store: HistoryStore): Promise<string> => (await store.tend()).notices.join(' ');

test.each(['busy', 'full', 'unwritable'] as const)(
  'what cannot be written (%s) waits on disk, said, and is written in its order once it can be',
  async (why) => {
    const of = database();
    of.why = why;
    const path = join(tempDir(), 'outbox.bin');
    const store = buffered({ ...alone, store: of.store, path, place: 'db.example', log, tryMs: 1 });
    await store.recordEvent(event(1));
    of.isAway = true;
    for (const n of [2, 3, 4]) await store.recordEvent(event(n));
    expect(await noticesOf(store)).toMatch(
      /^The database db\.example cannot be reached or written.*: 3 polls and other facts \(0\.0 MB\) wait in /u,
    );
    of.isAway = false;
    // What comes while others wait goes behind them.
    await store.recordEvent(event(5));
    await vi.waitFor(() => expect(of.written).toHaveLength(5), { timeout: 60_000 });
    expect(of.written).toEqual(['event 1', 'event 2', 'event 3', 'event 4', 'event 5']);
    expect(await noticesOf(store)).toBe('');
    await store.close();
  },
);

test('what waits survives the end of the process, and is written once', async () => {
  const of = database();
  const path = join(tempDir(), 'outbox.bin');
  of.isAway = true;
  const first = buffered({ ...alone, store: of.store, path, place: 'db.example', log, tryMs: 1e6 });
  for (const n of [1, 2]) await first.recordEvent(event(n));
  await first.close();
  of.isAway = false;
  const second = buffered({ ...alone, store: of.store, path, place: 'db.example', log, tryMs: 1 });
  await vi.waitFor(() => expect(of.written).toEqual(['event 1', 'event 2']), { timeout: 60_000 });
  await second.close();
  const third = buffered({ ...alone, store: of.store, path, place: 'db.example', log, tryMs: 1 });
  await third.recordEvent(event(3));
  expect(of.written).toEqual(['event 1', 'event 2', 'event 3']);
  await third.close();
});

test('what is full and what is refused is said, and keeps nothing behind it', async () => {
  const of = database();
  of.isAway = true;
  const store = buffered({
    ...alone,
    store: of.store,
    path: join(tempDir(), 'outbox.bin'),
    place: 'db.example',
    log,
    tryMs: 1,
    mostBytes: 400,
  });
  for (const n of [1, 2, 3, 4, 5]) await store.recordEvent(event(n));
  expect(await noticesOf(store)).toMatch(/was full: [1-4] polls and other facts were not recorded\./u);
  of.refuses = 'event 1';
  of.isAway = false;
  await vi.waitFor(() => expect(of.written).toContain('event 2'), { timeout: 60_000 });
  expect(of.written).not.toContain('event 1');
  expect(await noticesOf(store)).toContain('Of what waited for the database 1 were refused');
  await store.close();
});
