import { writeSync } from 'node:fs';
import { layoutAt, openFile } from '#node/history/open-file.ts';
import { type Migration, MIGRATIONS } from '#node/history/schema.ts';

/** Dies in the middle of a migration of the file that it is given, of the step that is named or of one behind the last, with much of it already written. */
const step = Number(process.argv[3] ?? MIGRATIONS.length);
const migrations: Migration[] = [
  ...MIGRATIONS.slice(0, step),
  (db, now) => {
    db.pragma('cache_size = 5');
    MIGRATIONS[step]?.(db, now);
    db.exec('ALTER TABLE events ADD COLUMN seen INTEGER');
    db.exec('UPDATE settled SET rate = 0');
    writeSync(1, 'half-way\n');
    process.kill(process.pid, 'SIGKILL');
  },
];
openFile(process.argv[2] ?? '', 'live', layoutAt(0, migrations));
