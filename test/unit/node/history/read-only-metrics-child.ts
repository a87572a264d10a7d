import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../../src/cli/run.ts';
// Loaded before the process gives its rights away: the project may lie where others cannot read.
import '../../../../src/cli/metric-history.ts';

/** Runs `metrics` over the history of a folder (first argument) that it may only read; the rest are its flags. */
const [folder = '', ...flags] = process.argv.slice(2);
const OTHER_USER = 65534;
for (const name of ['history.sqlite', 'history.sqlite-wal', 'history.sqlite-shm'])
  if (existsSync(join(folder, name))) chmodSync(join(folder, name), 0o444);
chmodSync(folder, 0o555);
if (process.getuid?.() === 0) {
  process.setgid?.(OTHER_USER);
  process.setuid?.(OTHER_USER);
}
process.exitCode = await run(['metrics', '--data-dir', folder, ...flags], {
  read: () => Promise.reject(new Error('no file is asked for')),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
if (process.getuid?.() !== OTHER_USER) chmodSync(folder, 0o755);
