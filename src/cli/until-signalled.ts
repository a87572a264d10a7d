/** Everything that was collected is on disk within this time, or the process ends without. */
const DEADLINE_MS = 10_000;

/**
 * A signal that aborts when the process is asked to end: SIGINT, SIGTERM, SIGHUP. A second SIGINT ends it at once; so does a flush
 * that takes too long. What is acknowledged is on disk either way.
 */
export function untilSignalled(): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (ending.signal.aborted && name === 'SIGINT') process.exit(130);
      if (ending.signal.aborted) return;
      ending.abort();
      setTimeout(() => {
        process.stderr.write('perpscope: closing took too long; ending now\n');
        process.exit(1);
      }, DEADLINE_MS).unref();
    });
  return ending.signal;
}
