import { existsSync } from 'node:fs';
import { checkFolder, type CheckedFile } from '#node/backup/check.ts';
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { FOLDER_FLAGS, FOLDER_HELP, folderOf, megabytes } from './folder.ts';
import { UsageError } from './usage.ts';

const CHECK_HELP = `Usage: npm run -s perpscope -- check [quick|full] [flags]

Looks whether history and person's file of a data folder are whole, also beside a running app; changes nothing. quick (the default)
reads every page; full also compares every index with its rows, which takes several times as long.

${FOLDER_HELP}

Example: npm run -s perpscope -- check full --json

${EXIT_HELP}`;

export const check: Command = {
  name: 'check',
  help: CHECK_HELP,
  run(args, io) {
    const [first = 'quick'] = args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--data-dir');
    if (first !== 'quick' && first !== 'full') throw new UsageError(`check is quick or full, not "${first}".`);
    const at = args.indexOf(first);
    const { paths, kind } = folderOf(
      parseFlags(
        args.filter((_, i) => i !== at),
        FOLDER_FLAGS,
      ),
    );
    if (!existsSync(paths.database)) throw new UsageError(`There is no history in ${paths.dir}. Name another folder with --data-dir.`);
    io.status?.(`Checking ${paths.dir} ...`);
    return Promise.resolve(answer(first, checkFolder(paths, kind, first === 'full')));
  },
};

function answer(how: string, files: readonly CheckedFile[]): Answer {
  const wrong = files.filter(({ damage }) => damage !== null);
  const line = ({ file, bytes, damage }: CheckedFile): string => `${file}\t${megabytes(bytes)}\t${damage ?? 'whole'}`;
  const known: Answer = { data: { check: how, files }, text: () => files.map(line).join('\n') };
  if (wrong.length === 0) return known;
  return {
    ...known,
    exit: EXIT.incomplete,
    error:
      'There is damage. Start Perpscope: it puts a damaged file aside, never deletes it, and goes on from the newest sound backup. Or restore one yourself: perpscope backup --list shows them.',
  };
}
