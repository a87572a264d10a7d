/** Runs first in a process that the stand-in's `utilityProcess` forks. */
import { EventEmitter } from 'node:events';

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message);
  }
}

const port = new ParentPort();
process.on('message', (data) => port.emit('message', { data }));
Object.defineProperty(process, 'parentPort', { value: port });
