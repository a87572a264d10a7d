import { parentPort, workerData } from 'node:worker_threads';
import { asHistoryError } from './errors.ts';
import { damageIn } from './open-file.ts';
import { toPlain, type WorkerMessage, type WorkerStart } from './protocol.ts';
import { ReadonlyHistory } from './readonly-history.ts';
import { serveStore } from './serve-store.ts';
import { SqliteHistory } from './sqlite-history.ts';

const { role, file, kind, now: startedAt } = workerData as WorkerStart;

/** Looks for damage, answers once and ends. */
function check(): WorkerMessage {
  try {
    return { type: 'answer', id: 0, value: damageIn(file, kind, true), place: null };
  } catch (error) {
    return { type: 'failed', error: toPlain(asHistoryError(error, file)) };
  }
}

if (role === 'check') parentPort?.postMessage(check());
else
  serveStore(
    ({ log, now }) => (role === 'write' ? new SqliteHistory({ file, kind, log, now }) : new ReadonlyHistory({ file, kind, now })),
    startedAt,
  );
