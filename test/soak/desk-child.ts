import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryStore } from '#core/ports/history.ts';
import { dataPaths } from '#node/data-dir.ts';
import { readCollectArgs } from '../../src/cli/collect-args.ts';
import { collectShared } from '../../src/cli/collect-shared.ts';
import { chosen } from '../../src/cli/collect.ts';
import { openFor } from '../../src/cli/collecting.ts';
import { over } from '../../src/cli/over.ts';
import { openJournal } from '#test/support/desk-journal.ts';

/** `desk-child.ts JOURNAL [flags of collect]`: a collector of a desk that writes down what it records before it does, and what it was told. */
const [journal = '', ...args] = process.argv.slice(2);
/** Of an outbox in which nothing waits. */
const EMPTY_BYTES = 8;
const put = openJournal(journal);
let last = 0;
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

function written(store: HistoryStore): HistoryStore {
  const calls = store as unknown as Record<string, (...input: unknown[]) => Promise<unknown>>;
  const recording = Object.entries(calls).filter(([name]) => name.startsWith('record'));
  return {
    ...store,
    ...Object.fromEntries(
      recording.map(([method, call]) => [
        method,
        async (...input: unknown[]) => {
          const id = ++last;
          look();
          put({ kind: 'asked', id, at: now(), method, input });
          const answer = await call(...input);
          isWaiting ||= statSync(outbox).size > EMPTY_BYTES;
          put({ kind: 'acknowledged', id, waits: isWaiting });
          return answer;
        },
      ]),
    ),
  };
}

const request = readCollectArgs(args, [], ['binance', 'hyperliquid']);
if (request === null || request.store === null) throw new Error('it needs a store');
const outbox = join(dataPaths(request.dataDir ?? '', true).dir, 'outbox.bin');
/** Facts wait on disk, perhaps an earlier process's. */
let isWaiting = existsSync(outbox) && statSync(outbox).size > EMPTY_BYTES;
function look(): void {
  if (!isWaiting || statSync(outbox).size > EMPTY_BYTES) return;
  isWaiting = false;
  put({ kind: 'caught up', at: now() });
}
setInterval(look, 20).unref();

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
const io = { read: () => Promise.resolve(''), out: (text: string) => void process.stdout.write(`${text}\n`), err: () => undefined };
await collectShared(request, request.store, io, ending.signal, null, async (asked, _io, turn, _figures, shared) => {
  put({ kind: 'began', at: now(), venues: shared.venues() });
  const collector = await openFor(asked, (wanted, of) => chosen(asked, wanted, of), { ...shared, store: written(shared.store) });
  try {
    collector.events.on('polled', ({ venue }) => {
      const { backfilling = 0 } = collector.collect.health().find(({ id }) => id === venue) ?? {};
      io.out(JSON.stringify({ event: 'polled', venue, toFetch: backfilling, at: collector.collect.utc() }));
    });
    await collector.start();
    await over(null, turn);
  } finally {
    await collector.close();
  }
  return 0;
});
