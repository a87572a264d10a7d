import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { listBackups, makeBackup } from '#node/backup/make.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Answer, type Command, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { type Folder, FOLDER_FLAGS, FOLDER_HELP, folderOf, megabytes, progressOn, utc } from './folder.ts';
import type { Io } from './io.ts';
import { untilSignalled } from './until-signalled.ts';
import { UsageError } from './usage.ts';

const BACKUP_HELP = `Usage: npm run -s perpscope -- backup [--to FILE] [flags]
       npm run -s perpscope -- backup --list

Writes everything of a data folder into one file: history, lists, thresholds, alerts, scenarios, notes, settings, workspaces. Also beside a
running app or collector, whose polls do not wait for it. The file is checked before it has its name, and can be restored
on another machine. Not in it: passwords of proxies, and what was spent of the venues' limits, which are this machine's.

  --to FILE            where to write it (default: among the backups of the folder, where the app's own are rotated)
  --force              write over a file that is there
  --list               the backups of the folder, newest first
${FOLDER_HELP}

Example: npm run -s perpscope -- backup --to /media/usb/perpscope-2026.perpscope

${EXIT_HELP}`;

const options = { ...FOLDER_FLAGS, to: { type: 'string' }, force: { type: 'boolean' }, list: { type: 'boolean' } } as const;

export const backup: Command = {
  name: 'backup',
  help: BACKUP_HELP,
  async run(args, io) {
    const values = parseFlags(args, options);
    const folder = folderOf(values);
    if (values.list) return listed(folder);
    const { to } = values;
    if (to === '') throw new UsageError('--to needs the name of a file.');
    if (to !== undefined && existsSync(resolve(to)) && values.force !== true)
      throw new UsageError(`${to} is there already. Choose another name, or say --force.`);
    return make(folder, to ?? 'regular', io);
  },
};

async function make({ paths, kind }: Folder, to: string, io: Io): Promise<Answer> {
  const progress = progressOn(io, 'Copying the history', 'Ended before it was done: no backup was written.', untilSignalled());
  const { dir, database } = paths;
  const made = await makeBackup({ dir, database, kind, version: packageJson.version, now: Date.now(), to, progress });
  return { data: made, text: () => `${made.path}: ${megabytes(made.bytes)}, with ${['the history', ...made.parts].join(', ')}; checked.` };
}

function listed({ paths }: Folder): Answer {
  const all = listBackups(paths.dir);
  const line = (one: (typeof all)[number]): string =>
    'wrong' in one
      ? `${one.path}\t${megabytes(one.bytes)}\t${one.wrong}`
      : `${one.path}\t${megabytes(one.bytes)}\t${utc(one.madeAt)}\tPerpscope ${one.version}`;
  return {
    data: all,
    text: () => all.map(line).join('\n'),
    notes: all.length === 0 ? [`There are no backups in ${paths.dir} yet. perpscope backup makes one.`] : [],
  };
}
