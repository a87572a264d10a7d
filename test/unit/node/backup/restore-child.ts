import { join } from 'node:path';
import { lockFolder } from '#node/backup/at-start.ts';
import { restore } from '#node/backup/restore.ts';

/** Restores until the step of that number, at which it is killed as if the power had gone. Prints the name of each step. */
const [dir = '', backup = '', last = '0', now = '0'] = process.argv.slice(2);
let steps = 0;
lockFolder(dir, { shell: 'restore', version: 'test' });
await restore({
  dir,
  database: join(dir, 'history.sqlite'),
  kind: 'live',
  version: 'test',
  now: Number(now),
  backup,
  step(name) {
    process.stdout.write(`${name}\n`);
    if (++steps === Number(last)) process.kill(process.pid, 'SIGKILL');
  },
});
