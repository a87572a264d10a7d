import { look, runImport } from '#core/imports.ts';
import { openHistory } from '#node/history/open.ts';
import { openImport } from '#node/import/open-import.ts';

/** Imports a file through the real workers, and says after each batch that it was acknowledged, until it is killed. */
const [data = '', file = ''] = process.argv.slice(2);
const log = { write: () => undefined };
const now = (): number => Date.now();
const store = await openHistory({ file: data, demo: false, log, now });
const counting = {
  instruments: () => store.instruments(),
  async recordImport(batch: Parameters<typeof store.recordImport>[0]) {
    const counts = await store.recordImport(batch);
    process.stdout.write(`${counts.added}\n`);
    return counts;
  },
};
const table = openImport(file, 'a.csv', { now, log });
const options = { store: counting, now, venues: [] };
const wishes = { venue: 'venue' };
const never = new AbortController().signal;
const seen = await look(options, { table, opened: await table.open() }, wishes, () => undefined, never);
await runImport(options, table, seen, { dry: false, wishes }, () => undefined, never);
await table.close();
await store.close();
