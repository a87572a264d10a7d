import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { HistoryError } from '#node/history/errors.ts';
import { schemaOf, targetFrom } from '#node/postgres/target.ts';
import { openSharedTerminal } from '#node/postgres/terminal.ts';
import { readAll } from '../unit/node/postgres/read-all.ts';

/**
 * `desk-terminal-child.ts STORE`: a terminal without a window, as `--history` reads. It looks at what is newest whenever it hears of more. A
 * line `{file, from, to}` has it write all that it reads into a file, and end.
 */
const [store = ''] = process.argv.slice(2);
const log = { write: () => undefined };
const target = targetFrom(store, {}, 'terminal', true, schemaOf(true));
const history = await opened();
let isOver = false;
let looks = 0;
let failed = 0;
createInterface({ input: process.stdin }).once('line', (line) => {
  isOver = true;
  void looking.then(async () => {
    const { file, from, to } = JSON.parse(line) as { file: string; from: number; to: number };
    writeFileSync(file, serialize(await readAll(history.store, from, to)));
    process.stdout.write(`${JSON.stringify({ looks, failed })}\n`);
    await history.store.close();
    process.exit();
  });
});
async function look(): Promise<void> {
  let seen: unknown = null;
  while (!isOver) {
    const version = await history.beside?.version();
    if (version === seen) {
      await wait(200);
      continue;
    }
    try {
      await history.store.latest();
      looks++;
      seen = version;
    } catch {
      // The database is away: it is asked again until it is there.
      failed++;
      await wait(500);
    }
  }
}
/** A database that is away is said at the start, and a person begins again. */
async function opened(): ReturnType<typeof openSharedTerminal> {
  for (;;)
    try {
      return await openSharedTerminal({ target, log, now: Date.now });
    } catch (error) {
      if (!(error instanceof HistoryError && error.kind === 'busy')) throw error;
      await wait(500);
    }
}
const looking = look();
