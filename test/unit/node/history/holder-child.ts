import Database from 'better-sqlite3';

/** Holds the history that it is given as another program may: no other can read or write it. Lets go when told to. */
const db = new Database(process.argv[2] ?? '');
db.pragma('locking_mode = EXCLUSIVE');
db.exec('BEGIN IMMEDIATE');
process.stdout.write('held');
process.stdin.once('data', () => {
  db.exec('ROLLBACK');
  db.close();
  process.stdout.write('free');
  process.exit(0);
});
