import { HistoryError } from './errors.ts';
import { fromPlain, type WorkerMessage, type WorkerStart } from './protocol.ts';
import { startWorker } from './start-worker.ts';

/** One answer of a worker of its own, which ends then: polls do not wait for it. */
export async function beside<T>(start: WorkerStart): Promise<T> {
  const worker = await startWorker(start);
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'answer') resolve(message.value as T);
      else if (message.type === 'failed') reject(fromPlain(message.error));
    });
    worker.on('error', reject);
    worker.on('exit', () =>
      reject(new HistoryError('failed', `${start.file} could not be looked at.`, `the ${start.role} ended without an answer`)),
    );
  });
}
