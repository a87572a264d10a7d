import { watchRunner } from './parent-watch.ts';

const DEADLINE_MS = 10_000;

type Close = () => Promise<void> | void;

export interface Lifetime {
  /** Adds what must be closed at the end; last added, first closed. */
  onEnd(close: Close): void;
  readonly ending: boolean;
  /** Closes everything within the deadline and ends the process with this code. */
  end(code: number): Promise<never>;
}

/**
 * Ends the process in order on SIGINT, SIGTERM, SIGHUP and when the npm that started it is gone. A second SIGINT ends it at
 * once: what is stored is safe at any moment, the end only saves the rest.
 */
export function createLifetime(deadlineMs = DEADLINE_MS): Lifetime {
  const closes: Close[] = [];
  let ending: Promise<never> | null = null;

  const end = (code: number): Promise<never> => (ending ??= closeAndExit(code));
  const closeAndExit = async (code: number): Promise<never> => {
    const late = setTimeout(() => {
      process.stderr.write('perpscope: closing took too long; ending now\n');
      process.exit(1);
    }, deadlineMs);
    let result = code;
    for (const close of closes.toReversed()) {
      try {
        await close();
      } catch (error) {
        process.stderr.write(`perpscope: closing failed: ${error instanceof Error ? error.message : String(error)}\n`);
        result = 1;
      }
    }
    clearTimeout(late);
    process.exit(result);
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending !== null && signal === 'SIGINT') process.exit(130);
      void end(0);
    });
  }
  watchRunner(() => void end(0));
  return {
    onEnd(close) {
      closes.push(close);
    },
    get ending() {
      return ending !== null;
    },
    end,
  };
}
