import { existsSync, statSync } from 'node:fs';
import { lockFolder } from '#node/backup/at-start.ts';
import { assertRoom } from '#node/backup/make.ts';
import { rewriteHistory } from '#node/history/rewrite-history.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Command, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { FOLDER_FLAGS, FOLDER_HELP, folderOf, megabytes } from './folder.ts';
import { UsageError } from './usage.ts';

const COMPACT_HELP = `Usage: npm run -s perpscope -- compact [flags]

Rewrites the history of a data folder once, without what deleted rows left. Perpscope must be closed. A history that this version began
needs it never: it gives what is deleted back to the disk by itself. Killed half-way, nothing has happened.

${FOLDER_HELP}

Example: npm run -s perpscope -- compact --data-dir ~/perpscope

${EXIT_HELP}`;

export const compact: Command = {
  name: 'compact',
  help: COMPACT_HELP,
  run(args, io) {
    const { paths, kind } = folderOf(parseFlags(args, FOLDER_FLAGS));
    const { database, dir } = paths;
    if (!existsSync(database)) throw new UsageError(`There is no history in ${dir}. Name another folder with --data-dir.`);
    const lock = lockFolder(dir, { shell: 'compact', version: packageJson.version });
    try {
      const before = statSync(database).size;
      assertRoom(database, before);
      io.status?.(`Rewriting ${database} ...`);
      rewriteHistory(database, kind);
      const after = statSync(database).size;
      return Promise.resolve({
        data: { file: database, before, after },
        text: () => `${database}: ${megabytes(before)} before, ${megabytes(after)} now.`,
      });
    } finally {
      lock.release();
    }
  },
};
