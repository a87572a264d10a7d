import { openPlace } from '#node/archive/open-place.ts';
import { LEAST_DAYS } from '#node/archive/tables.ts';
import { archiveMonths } from '#node/archive/write.ts';
import { schemaOf, targetFrom } from '#node/postgres/target.ts';
import { type Command, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import { megabytes } from './folder.ts';
import { UsageError } from './usage.ts';

const ARCHIVE_HELP = `Usage: npm run -s perpscope -- archive --store postgres://user@host:5432/database --to PLACE --before 2025-07 [--drop]

Writes whole months of a desk's history as Parquet: settlements, hours, prices and the hourly order books, a file for each kind, month and
venue, with a list of their rows and hashes. Every file is read back and compared with the database. Without --drop the database is only
read; with it the rows of a month are deleted once all its files hold them. Terminals and commands read them back with --archive.
Ended or killed at any moment, the same command goes on. It may run while collectors record.

  --store ADDRESS    the desk's history; the password comes as it does for collect (docs/desk.md). --drop needs the writer
  --to PLACE         the archive: a folder, or s3://bucket/prefix with AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and so on in the
                     environment (docs/desk.md)
  --before MONTH     the first month that stays, as 2025-07; it began at least ${LEAST_DAYS} days ago
  --drop             deletes what is archived from the database
  --demo             the demo's
  --json             what was done, month by month, as JSON
  --help             this text

Example: npm run -s perpscope -- archive --store postgres://writer@db.example/perpscope --to /mnt/archive --before 2025-07 --drop

${EXIT_HELP}`;

const options = {
  store: { type: 'string' },
  to: { type: 'string' },
  before: { type: 'string' },
  drop: { type: 'boolean' },
  demo: { type: 'boolean' },
} as const;

export const archive: Command = {
  name: 'archive',
  help: ARCHIVE_HELP,
  async run(args, io) {
    const { store, to, before, drop = false, demo = false } = parseFlags(args, options);
    if (store === undefined || to === undefined || to === '' || before === undefined)
      throw new UsageError('Say what, where and up to when: --store, --to and --before, as archive --help shows.');
    const months = await archiveMonths({
      target: targetFrom(store, process.env, 'perpscope archive', !drop, schemaOf(demo)),
      place: openPlace(to, process.env),
      before: monthFrom(before),
      drop,
      now: Date.now(),
      progress: (step, done) => io.status?.(`${step}: ${Math.floor(100 * done)} %`),
    });
    const lines = months.map(
      ({ month, files, rows, bytes, written, dropped }) =>
        `${month}: ${rows} rows in ${files} files, ${megabytes(bytes)}, ${written} of them written now${dropped > 0 ? `; ${dropped} rows deleted from the database` : ''}`,
    );
    return { data: months, text: () => (lines.length === 0 ? `Before ${before} there is nothing to archive.` : lines.join('\n')) };
  },
};

function monthFrom(text: string): number {
  const at = /^\d{4}-(?:0[1-9]|1[0-2])$/u.test(text) ? Date.parse(`${text}-01T00:00Z`) : NaN;
  if (Number.isNaN(at)) throw new UsageError(`--before is a month, as 2025-07, not "${text}".`);
  return at;
}
