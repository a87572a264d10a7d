import { lockFolder } from '#node/backup/at-start.ts';
import { moveIn, type Moved, moveOut } from '#node/postgres/move.ts';
import { schemaOf, targetFrom } from '#node/postgres/target.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { folderOf, utc } from './folder.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

const MOVE_HELP = `Usage: npm run -s perpscope -- move --from PLACE --to PLACE [flags]

Copies a history from a data folder into a desk's PostgreSQL, or from there into a folder, and compares every row afterwards. Where a
history lies there already the two are merged, each row once: of two rates of a settlement the one that was there stays, and the other is
listed as a conflict. The place that it comes from is only read, also while it is recorded. Nothing may record where it goes to.
Ended or killed half-way, the same command goes on: rows that are there are only looked at.

  --from PLACE, --to PLACE   a data folder, or postgres://user@host:5432/database; the password comes as it does for collect (docs/desk.md)
  --demo                     the demo's of both
  --json                     what was done, with the conflicts, as JSON
  --help                     this text

Example: npm run -s perpscope -- move --from ~/perpscope --to postgres://writer@db.example/perpscope

${EXIT_HELP}`;

const options = { from: { type: 'string' }, to: { type: 'string' }, demo: { type: 'boolean' } } as const;
const isShared = (place: string): boolean => /^postgres(?:ql)?:/u.test(place);

export const moving: Command = {
  name: 'move',
  help: MOVE_HELP,
  async run(args, io): Promise<Answer> {
    const { from, to, demo = false } = parseFlags(args, options);
    if (from === undefined || to === undefined) throw new UsageError('Say from where and to where: --from and --to, as move --help shows.');
    if (isShared(from) === isShared(to))
      throw new UsageError("One of --from and --to is a folder, the other a desk's postgres://... Two folders: merge, backup and restore.");
    return answerOf(await (isShared(to) ? into(from, to, demo, io) : outOf(from, to, demo, io)));
  },
};

const targetOf = (address: string, demo: boolean, readOnly: boolean) =>
  targetFrom(address, process.env, 'perpscope move', readOnly, schemaOf(demo));
const progressOf =
  (io: Io) =>
  (step: string, done: number): void =>
    io.status?.(`${step}: ${Math.floor(100 * done)} %`);

function into(folder: string, address: string, demo: boolean, io: Io): Promise<Moved> {
  const { paths, kind } = folderOf({ 'data-dir': folder, demo });
  return moveIn({ dir: paths.dir, database: paths.database, kind }, targetOf(address, demo, false), progressOf(io));
}

async function outOf(address: string, folder: string, demo: boolean, io: Io): Promise<Moved> {
  const { paths, kind } = folderOf({ 'data-dir': folder, demo });
  const lock = lockFolder(paths.dir, { shell: 'move', version: packageJson.version });
  try {
    return await moveOut(targetOf(address, demo, true), { dir: paths.dir, database: paths.database, kind }, progressOf(io));
  } finally {
    lock.release();
  }
}

function answerOf(moved: Moved): Answer {
  const { instruments, rows, differing, conflicts } = moved;
  const compared = differing === null ? 'merged with what was there' : `${differing} of them otherwise there`;
  const lines = conflicts.map(
    ({ instrument, at, kept, other }) => `conflict: ${instrument}, ${utc(at)}: ${kept} stays, ${other} beside it`,
  );
  return {
    data: moved,
    text: () => [`${instruments} instruments, ${rows} rows, ${compared}; ${conflicts.length} conflicts.`, ...lines].join('\n'),
    ...((differing ?? 0) > 0 && { exit: EXIT.incomplete, error: `${differing} rows lie there otherwise. Run the same command again.` }),
  };
}
