import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImportState } from '#bridge/import.ts';
import { createImportJobs } from '#core/import-jobs.ts';
import type { ImportBatch } from '#core/ports/import.ts';
import { newCanceller } from '#node/canceller.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { createImportFiles } from '#node/import/open-import.ts';

const dir = mkdtempSync(join(tmpdir(), 'import-jobs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const T = Date.UTC(2020, 0, 1);
const H8 = 8 * 3_600_000;
const log = { write: () => undefined };
const now = (): number => T + 3650 * 24 * 3_600_000;
const csv = (rows: number): string =>
  `time,fundingRate\n${Array.from({ length: rows }, (_, i) => `${T + i * H8},${(i % 7) / 1e5}`).join('\n')}\n`;

function open(name: string, onBatch: (n: number) => void = () => undefined) {
  const history = new SqliteHistory({ file: join(dir, `${name}.sqlite`), kind: 'live', log, now });
  const states: ImportState[] = [];
  const stored: [string, number][] = [];
  let batches = 0;
  const jobs = createImportJobs({
    store: {
      instruments: () => Promise.resolve(history.instruments()),
      recordImport(batch: ImportBatch) {
        const counts = history.recordImport(batch);
        onBatch(++batches);
        return Promise.resolve(counts);
      },
    },
    now,
    venues: [{ id: 'venue', name: 'Venue' }],
    files: createImportFiles(join(dir, name), { now, log }),
    newCanceller,
    log,
    tell: (state) => states.push(state),
    stored: ({ id }, from) => stored.push([id, from]),
    refusal: () => null,
  });
  const settled = async (): Promise<ImportState> => {
    await expect.poll(() => states.at(-1)?.step).toBeNull();
    return states.at(-1) ?? expect.fail('nothing was told');
  };
  const hand = async (text: string): Promise<string> => {
    const id = await jobs.begin('a.csv');
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1000) await jobs.append(id, new Uint8Array(bytes.subarray(at, at + 1000)));
    return id;
  };
  return { history, jobs, states, stored, settled, hand };
}

test('a file handed over in pieces is asked about, counted and imported; who follows the history hears of it', async () => {
  const { history, jobs, stored, settled, hand } = open('whole');
  const id = await hand(csv(500));
  jobs.look(id, {});
  expect((await settled()).look?.questions.map(({ field }) => field)).toEqual(['venue', 'symbols']);
  const wishes = { venue: 'venue', symbols: ['BTCUSDT'] };
  jobs.run(id, wishes, true);
  expect((await settled()).outcome).toMatchObject({ dry: true, words: 'adds 500, known 0, conflicts 0, refused 0' });
  expect([history.instruments(), stored]).toEqual([[], []]);
  jobs.run(id, wishes, false);
  expect((await settled()).outcome).toMatchObject({ dry: false, words: 'added 500, known 0, conflicts 0, refused 0' });
  expect(stored).toEqual([['venue:BTCUSDT', T]]);
  expect(history.settled('venue:BTCUSDT', -1, Infinity).key.length).toBe(500);
  await jobs.stop();
  expect(readdirSync(join(dir, 'whole'))).toEqual([]);
  history.close();
});

test('cancelled between two batches: what was written stays, and the same file again brings the rest', async () => {
  let cancel = (): void => undefined;
  const { history, jobs, settled, hand } = open('cancelled', (n) => {
    if (n === 1) cancel();
  });
  const id = await hand(csv(9000));
  cancel = () => void jobs.cancel(id);
  const wishes = { venue: 'venue', symbols: ['BTCUSDT'] };
  jobs.run(id, wishes, false);
  const { outcome } = await settled();
  expect(outcome?.cancelled).toBe(true);
  expect(outcome?.notes.join(' ')).toContain('The same file again goes on from there');
  const first = history.settled('venue:BTCUSDT', -1, Infinity).key.length;
  expect(first).toBe(4000);
  cancel = () => undefined;
  jobs.run(id, wishes, false);
  expect((await settled()).outcome?.words).toBe('added 5,000, known 4,000, conflicts 0, refused 0');
  await jobs.stop();
  history.close();
});

test('what is said while the file is being looked at counts: the newest word is the one that is looked at', async () => {
  const { history, jobs, states, hand } = open('again');
  const id = await hand(csv(500));
  jobs.look(id, {});
  jobs.look(id, { venue: 'venue' });
  jobs.look(id, { venue: 'venue', symbols: ['BTCUSDT'] });
  await expect.poll(() => states.at(-1)?.step === null && states.at(-1)?.look?.questions.length).toBe(0);
  expect(states.at(-1)?.error).toBeNull();
  await jobs.stop();
  history.close();
});

test('what is no table, and a file that is gone, are said in a sentence', async () => {
  const { history, jobs, settled, hand } = open('none');
  const id = await hand('{"a":1');
  jobs.look(id, {});
  expect((await settled()).error).toBe('This begins as JSON and is none: it may be cut off. Fetch it again, or save it as CSV.');
  await jobs.drop(id);
  expect(() => jobs.look(id, {})).toThrow('That file is not here any more. Choose it again.');
  history.close();
});
