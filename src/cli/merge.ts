import { lockFolder } from '#node/backup/at-start.ts';
import { mergeFile } from '#node/backup/merge-file.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Command, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { FOLDER_FLAGS, FOLDER_HELP, folderOf, progressOn } from './folder.ts';
import { fileAndFlags } from './restore.ts';
import { untilSignalled } from './until-signalled.ts';

const MERGE_HELP = `Usage: npm run -s perpscope -- merge FILE [flags]

Takes every row of another history (a backup, or the history.sqlite of another folder) into the one of a data folder, each row once. Of
a settlement that both have, every word is kept with the time at which it was learnt; of two rates the one that was here stays and the
other lies beside it as a conflict; of two closes of an hour the one that covers more of it is kept. Lists, alerts and settings stay as
they are. Perpscope must be closed. Killed or ended half-way, the same command goes on: what is here is known.

${FOLDER_HELP}

Example: npm run -s perpscope -- merge /media/usb/server.perpscope --data-dir ~/perpscope

${EXIT_HELP}`;

export const merge: Command = {
  name: 'merge',
  help: MERGE_HELP,
  async run(args, io) {
    const { file, flags } = fileAndFlags(args, 'merge');
    const folder = folderOf(parseFlags(flags, FOLDER_FLAGS));
    const { dir, database } = folder.paths;
    const lock = lockFolder(dir, { shell: 'merge', version: packageJson.version });
    try {
      const held = 'Ended before it was done. What was taken so far is kept; the same command goes on.';
      const data = await mergeFile({ dir, database, kind: folder.kind }, file, progressOn(io, 'Merging', held, untilSignalled()));
      const text = `${data.instruments} instruments: ${data.added} rows added, ${data.known} known, ${data.conflicts} conflicts.`;
      return { data, text: () => text };
    } finally {
      lock.release();
    }
  },
};
