import { workerData } from 'node:worker_threads';
import { Connection, LOST } from './connection.ts';
import type { WireAnswer, WireRequest, WireStart } from './wire.ts';

/*
 * The thread of one connection. The rules of the history are synchronous, as SQLite is; they run in a thread of their own, which sleeps
 * until this one has its answer.
 */
const { port, signal, target } = workerData as WireStart;
const count = new Int32Array(signal);
let connection: Connection | null = null;
/** Of the connections that were made. */
let made = 0;

async function answer(request: WireRequest): Promise<WireAnswer> {
  const { id } = request;
  if (request.kind === 'close') {
    await connection?.close();
    return { kind: 'answered', id, answers: [], connection: made };
  }
  if (request.connection !== null && (request.connection !== made || connection?.isOpen !== true))
    return { kind: 'failed', id, code: LOST, message: 'the connection was lost', connection: made };
  if (connection?.isOpen !== true) {
    await connection?.close();
    connection = await Connection.open(target);
    made++;
  }
  return { kind: 'answered', id, answers: await connection.run(request.said), connection: made };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : LOST;

port.on('message', (request: WireRequest) => {
  void answer(request)
    .catch((error: unknown): WireAnswer => ({
      kind: 'failed',
      id: request.id,
      code: codeOf(error),
      message: String(error instanceof Error ? error.message : error),
      connection: made,
    }))
    .then((told) => {
      port.postMessage(told);
      Atomics.add(count, 0, 1);
      Atomics.notify(count, 0);
      if (request.kind === 'close') port.close();
    });
});
