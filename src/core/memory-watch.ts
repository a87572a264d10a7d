import type { Events } from './events.ts';
import type { Log } from './ports/log.ts';
import type { Machine } from './ports/machine.ts';
import type { Reporter } from './reporter.ts';

export interface MemoryWatchOptions {
  readonly machine: Pick<Machine, 'memory' | 'memoryLimit'>;
  readonly events: Events;
  readonly reporter: Pick<Reporter, 'state'>;
  readonly log: Log;
}

/** A tick is a second. */
const EVERY_TICKS = 60;
/** The sentence goes only well below the bound, so that it does not come and go. */
const OVER = 0.9;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Looks once a minute at what the program holds and says so where it grew past its bound: weeks unattended must not end in a system without memory. */
export function watchMemory({ machine, events, reporter, log }: MemoryWatchOptions): void {
  let ticks = 0;
  let isHigh = false;
  events.on('tick', () => {
    ticks += 1;
    if (ticks % EVERY_TICKS !== 0) return;
    const held = machine.memory();
    const now = held > machine.memoryLimit * (isHigh ? OVER : 1);
    if (now === isHigh) return;
    isHigh = now;
    log.write(now ? 'warn' : 'info', 'memory', now ? 'more than its bound' : 'below its bound again', { held, limit: machine.memoryLimit });
    reporter.state(
      'memory',
      now
        ? `Perpscope holds ${gigabytes(held)} of memory, more than the ${gigabytes(machine.memoryLimit)} that it should. Start it again when it suits you; nothing stored is lost. "Copy diagnostics" says what it is doing.`
        : null,
    );
  });
}
