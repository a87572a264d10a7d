import type { Log } from '#core/ports.ts';

const MOST = 5;
const WINDOW_MS = 60_000;

/** A fault outside every handler is logged and the app stays; more than five a minute call `end`. Returns the stop. */
export function surviveFaults(log: Log, end: () => void): () => void {
  let times: number[] = [];
  const fault = (kind: string) => (error: unknown) => {
    const now = performance.now();
    times = [...times.filter((time) => time > now - WINDOW_MS), now];
    log.write('error', 'app', kind, { error });
    if (times.length <= MOST) return;
    log.write('error', 'app', 'too many faults: ending');
    end();
  };
  const [exception, rejection] = [fault('uncaught exception'), fault('unhandled rejection')];
  process.on('uncaughtException', exception);
  process.on('unhandledRejection', rejection);
  return () => {
    process.off('uncaughtException', exception);
    process.off('unhandledRejection', rejection);
  };
}
