import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Log } from '#core/ports.ts';
import { asHistoryError } from './errors.ts';
import { damageIn } from './open-file.ts';
import { buffersOf, toPlain, type WorkerMessage, type WorkerRequest, type WorkerStart } from './protocol.ts';
import { ReadonlyHistory } from './readonly-history.ts';
import { SqliteHistory } from './sqlite-history.ts';

/** A thin shell: opens what its role says, answers requests in their order, ends after 'close'. */
function serve(port: MessagePort, start: WorkerStart): void {
  const { role, file, kind } = start;
  const post = (message: WorkerMessage): void => port.postMessage(message, message.type === 'answer' ? buffersOf(message.value) : []);
  const log: Log = { write: (...entry) => post({ type: 'log', entry }) };
  let now = 0;

  if (role === 'check') {
    try {
      post({ type: 'answer', id: 0, value: damageIn(file, kind, true) });
    } catch (error) {
      post({ type: 'failed', error: toPlain(asHistoryError(error, file)) });
    }
    return;
  }

  const store =
    role === 'write' ? new SqliteHistory({ file, kind, log, now: () => now }) : new ReadonlyHistory({ file, kind, now: () => now });
  const methods = store as unknown as Readonly<Record<string, (...input: readonly unknown[]) => unknown>>; // names come from our own client
  post({ type: 'ready' });

  const answer = async (request: WorkerRequest): Promise<void> => {
    const { id, method, input } = request;
    now = request.now;
    try {
      // Only a backup is waited for; everything else is done before the next message is taken.
      const result = methods[method]?.(...input);
      post({ type: 'answer', id, value: result instanceof Promise ? await result : result });
    } catch (error) {
      post({ type: 'refused', id, error: toPlain(error) });
    }
    if (method === 'close') port.close();
  };
  port.on('message', (request: WorkerRequest) => void answer(request));
}

if (parentPort) {
  try {
    serve(parentPort, workerData as WorkerStart);
  } catch (error) {
    const failed: WorkerMessage = { type: 'failed', error: toPlain(error) };
    parentPort.postMessage(failed);
  }
}
