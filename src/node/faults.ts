import type { Log } from '#core/ports/log.ts';
import { createRateLimit } from './rate-limit.ts';

/** A fault outside every handler is logged and the app stays; more than five a minute call `end`. Returns the stop. */
export function surviveFaults(log: Log, end: () => void): () => void {
  const mayStay = createRateLimit(5, 60_000);
  const fault = (kind: string) => (error: unknown) => {
    log.write('error', 'app', kind, { error });
    if (mayStay(performance.now())) return;
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
