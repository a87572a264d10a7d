import { parseArgs } from 'node:util';
import { lockFolder } from '#node/backup/at-start.ts';
import { restore } from '#node/backup/restore.ts';
import { assertUsable } from '#node/data-dir.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Command, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { FOLDER_FLAGS, FOLDER_HELP, folderOf, utc } from './folder.ts';
import { UsageError } from './usage.ts';

const RESTORE_HELP = `Usage: npm run -s perpscope -- restore FILE [flags]     (or restore --file FILE)

Puts a backup in the place of everything that a data folder holds: also on another machine, into a new folder. Perpscope must be closed
there. What stands there is backed up first (backups/before-restore-...). All or nothing: ended or killed at whatever
moment, the folder holds the old state or the new one, and the next start ends what was begun.

${FOLDER_HELP}

Example: npm run -s perpscope -- restore /media/usb/perpscope-2026.perpscope --data-dir ~/perpscope

${EXIT_HELP}`;

/** The one file of a command and its flags. Throws UsageError. */
export function fileAndFlags(args: readonly string[], command: string): { readonly file: string; readonly flags: readonly string[] } {
  const { positionals: bare, tokens } = parseArgs({
    args: [...args],
    options: { ...FOLDER_FLAGS, file: { type: 'string' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const named = tokens.flatMap((token) => (token.kind === 'option' && token.name === 'file' ? [token] : []));
  const positionals = [...named.flatMap(({ value }) => value ?? []), ...bare];
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError(`Name the file: perpscope ${command} FILE. ${command} --help shows an example.`);
  if (more.length > 0) throw new UsageError(`${command} takes one file, not ${positionals.length}: ${positionals.join(', ')}.`);
  const at = new Set([
    ...tokens.flatMap((token) => (token.kind === 'positional' ? [token.index] : [])),
    ...named.flatMap(({ index, inlineValue }) => (inlineValue === true ? [index] : [index, index + 1])),
  ]);
  return { file, flags: args.filter((_, i) => !at.has(i)) };
}

export const restoring: Command = {
  name: 'restore',
  help: RESTORE_HELP,
  async run(args, io) {
    const { file, flags } = fileAndFlags(args, 'restore');
    const { paths, kind, demo } = folderOf(parseFlags(flags, FOLDER_FLAGS));
    assertUsable(demo ? paths.dir.replace(/[\\/]demo$/u, '') : paths.dir, demo);
    const lock = lockFolder(paths.dir, { shell: 'restore', version: packageJson.version });
    try {
      const { dir, database } = paths;
      const step = (name: string): void => io.status?.(`Restoring: ${name}`);
      const done = await restore({ dir, database, kind, version: packageJson.version, now: Date.now(), backup: file, step });
      const { from, before, replaced } = done;
      return {
        data: { ...from, dir, before, replaced },
        text: () => `The backup of ${utc(from.madeAt)} is restored into ${dir}.`,
        notes: [
          ...(before === null ? [] : [`What stood there before is ${before}.`]),
          ...(replaced === null ? [] : [`What stood there could not be read for a backup; it lies in ${replaced}.`]),
        ],
      };
    } finally {
      lock.release();
    }
  },
};
