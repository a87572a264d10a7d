import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import type { VenueInWorker } from '#node/venues/worker/in-worker.ts';
import { hostile, sharing } from '#test/support/hostile-venue.ts';

const opened: VenueInWorker[] = [];
const open = (limitMs?: number): VenueInWorker => {
  const venue = hostile(limitMs);
  opened.push(venue);
  return venue;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((venue) => venue.close()));
});

const answering = (body: string, now = 0): VenueIo => ({ now, request: () => Promise.resolve(body) });
/** Answers all with nothing, and writes down what was asked for. */
const noting = (paths: string[]): VenueIo => ({ now: 5, request: ({ path }) => (paths.push(path), Promise.resolve('')) });
const failure = async (asked: Promise<unknown>): Promise<VenueError> => {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VenueError)) throw new Error(`no VenueError but ${String(error)}`);
  return error;
};

describe('what one answer does to its reader', () => {
  test.each(['loop', 'pattern'])(
    'a %s without end is ended; other venues answer meanwhile, and the venue itself after it',
    async (body) => {
      const [bad, good] = [open(3000), open()];
      const hung = failure(bad.poll(answering(body)));
      expect((await good.poll(answering('', 7))).venueTime).toBe(7);
      const error = await hung;
      expect([error.kind, error.user]).toEqual([
        'too-large',
        'Hostile sent an answer that takes too long to read. Perpscope will ask again.',
      ]);
      expect((await bad.poll(answering('', 8))).venueTime).toBe(8);
    },
  );

  test('one that takes all its memory costs that answer', async () => {
    const venue = open();
    const error = await failure(venue.poll(answering('memory')));
    expect([error.kind, error.user]).toEqual(['too-large', 'Hostile sent an answer too large to read. Perpscope will ask again.']);
    expect((await venue.poll(answering('', 9))).venueTime).toBe(9);
  });

  test.each([
    ['throw', 'TypeError: row is undefined'],
    ['exit', 'its reader ended'],
  ])('%s is an answer that cannot be read', async (body, message) => {
    const venue = open();
    const error = await failure(venue.poll(answering(body)));
    expect(error.kind).toBe('malformed');
    expect(error.message).toContain(message);
    expect((await venue.poll(answering('', 1))).venueTime).toBe(1);
  });
});

describe('exchanges that share a reader', () => {
  const pair = (limitMs?: number): readonly [VenueInWorker, VenueInWorker] => {
    const [bad, good] = sharing(['hostile', 'tame'], limitMs);
    if (bad === undefined || good === undefined) throw new Error('no venues');
    opened.push(bad);
    return [bad, good];
  };

  test.each([
    ['loop', 'too-large'],
    ['memory', 'too-large'],
    ['exit', 'malformed'],
  ])('an answer of one that ends it (%s) costs the other nothing but a question more', async (body, kind) => {
    const [bad, good] = pair(3000);
    const asked: string[] = [];
    let answer: (body: string) => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const waits: VenueIo = {
      now: 7,
      request: ({ path }) => {
        asked.push(path);
        // The first question never hears its answer: its worker is gone by then.
        if (asked.length > 1) return Promise.resolve('42');
        answer('');
        return new Promise(() => undefined);
      },
    };
    const other = good.oldest(waits, 'BTC');
    await reached;
    expect((await failure(bad.poll(answering(body)))).kind).toBe(kind);
    expect(await other).toBe(42);
    expect(asked).toEqual(['/oldest/BTC', '/oldest/BTC']);
    // From then on what it answers is read apart: the second end of its reader is not seen by the other at all.
    const again = good.poll({ ...waits, now: 8 });
    expect((await failure(bad.poll(answering(body)))).kind).toBe(kind);
    expect((await again).venueTime).toBe(8);
    expect(asked).toEqual(['/oldest/BTC', '/oldest/BTC', '/poll']);
    expect((await bad.poll(answering('', 9))).venueTime).toBe(9);
  });

  test('a walk of the other goes on from the page that it gave last', async () => {
    const [bad, good] = pair();
    const paths: string[] = [];
    const io = noting(paths);
    const pages: number[] = [];
    for await (const { proven } of good.settled(io, 'BTC', 1, 4)) {
      pages.push(proven?.from ?? 0);
      if (pages.length === 2) await failure(bad.poll(answering('exit')));
    }
    expect(pages).toEqual([1, 2, 3]);
    expect(paths.map((path) => path.at(-1))).toEqual(['1', '2', '1', '2', '3']);
  });
});

test('a walk whose reader others end again and again ends with words, and goes on when asked again', async () => {
  const venues = sharing(['tame', 'hostile', 'second', 'third']);
  const [venue, ...bad] = venues;
  if (venue === undefined) throw new Error('no venue');
  opened.push(venue);
  const pages = venue.settled(answering(''), 'BTC', 1, 9)[Symbol.asyncIterator]();
  for (const [n, other] of bad.entries()) {
    expect((await pages.next()).value).toMatchObject({ proven: { from: n + 1 } });
    await failure(other.poll(answering('exit')));
  }
  expect((await failure(pages.next())).kind).toBe('malformed');
  expect((await venue.settled(answering(''), 'BTC', 4, 9)[Symbol.asyncIterator]().next()).value).toMatchObject({ proven: { from: 4 } });
});

describe('the way through', () => {
  test('requests, their cost and their errors are the app’s; its time is the time of the answer', async () => {
    const asked: unknown[] = [];
    let now = 100;
    const io: VenueIo = {
      get now() {
        return now;
      },
      request: (request) => {
        asked.push(request);
        now = 200;
        return Promise.resolve('42');
      },
    };
    const venue = open();
    expect(await venue.oldest(io, 'BTC')).toBe(42);
    expect(asked).toEqual([{ path: '/oldest/BTC', cost: { weight: 3 } }]);
    expect((await venue.poll(io)).venueTime).toBe(200);
    const banned = new VenueError('banned', 'Hostile has banned this address.', 'status 418', 5000);
    const error = await failure(venue.poll({ now, request: () => Promise.reject(banned) }));
    expect(error).toEqual(banned);
  });

  test('a page is asked for when the one before was taken, and none after the last that is wanted', async () => {
    const paths: string[] = [];
    const io = noting(paths);
    const venue = open();
    const pages = venue.settled(io, 'BTC', 1, 4)[Symbol.asyncIterator]();
    expect(await pages.next()).toEqual({ done: false, value: { rows: [], proven: { from: 1, to: 5 }, refused: [] } });
    expect(await venue.oldest({ now: 0, request: () => Promise.resolve('1') }, 'X')).toBe(1);
    expect(paths).toEqual(['/settled/BTC/1']);
    expect((await pages.next()).value).toMatchObject({ proven: { from: 2 } });
    await pages.return?.();
    // What comes first is done first: the walk has ended before this is answered.
    expect(await venue.oldest({ now: 0, request: () => Promise.resolve('1') }, 'X')).toBe(1);
    expect(paths).toEqual(['/settled/BTC/1', '/settled/BTC/2']);
    const whole: number[] = [];
    for await (const { proven } of venue.settled(io, 'BTC', 1, 3)) whole.push(proven?.from ?? 0);
    expect(whole).toEqual([1, 2]);
  });

  test('closing cancels what is asked, also in a loop without end', async () => {
    const venue = open();
    let asked: (body: string) => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      asked = () => resolve();
    });
    const hung = failure(
      venue.poll({
        now: 0,
        request: () => {
          asked('');
          return Promise.resolve('loop');
        },
      }),
    );
    await reached;
    await venue.close();
    expect((await hung).kind).toBe('cancelled');
    expect((await failure(venue.poll(answering('')))).kind).toBe('cancelled');
  });
});

test('asked again and again at once after it is closed, it leaves the thread its turns', async () => {
  const venue = open();
  await venue.close();
  const turns: number[] = [];
  setImmediate(() => turns.push(1));
  for (let times = 0; times < 10_000 && turns.length === 0; times++) await failure(venue.poll(answering('')));
  expect(turns).toEqual([1]);
});

test.skipIf(process.platform === 'win32')('a process whose reader hangs ends at the first SIGTERM', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hung-child.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.endsWith('in the loop\n')) child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, out]).toEqual([0, 'in the loop\nVenueError: Hostile: its reader was closed\n']);
});
