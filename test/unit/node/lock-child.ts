import { acquireLock, LockedError } from '#node/lock.ts';

/** Asks for the lock of a folder, says how that went and, where it holds it, stays until its input ends or it is killed. */
try {
  const lock = acquireLock(process.argv[2] ?? '', { shell: 'browser', version: '9.9.9' });
  console.log('held');
  process.stdin.on('end', () => lock.release()).resume();
} catch (error) {
  if (!(error instanceof LockedError)) throw error;
  console.log(error.message);
}
