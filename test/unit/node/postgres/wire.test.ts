import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { BlockingConnection } from '#node/postgres/blocking.ts';
import { Connection } from '#node/postgres/connection.ts';
import { wireOf } from '#node/postgres/start-wire.ts';
import { server, targetOf } from './support.ts';

const target = targetOf(1, 'test');
const said = [{ text: 'SELECT 1', values: [], raw: true }];

/** A thread that answers its first question only after another came; what it answers is the number of the question. */
const LATE = `
const { workerData } = require('node:worker_threads');
const { port, signal } = workerData;
const count = new Int32Array(signal);
const tell = (id) => {
  port.postMessage({ kind: 'answered', id, answers: [{ rows: [[id]], count: 1 }], connection: 1 });
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
};
port.on('message', ({ id }) => { if (id > 1) { tell(1); tell(id); } });
`;

test('an answer that comes too late is not taken for that of the next question', () => {
  const connection = new BlockingConnection(
    wireOf(target, (options) => new Worker(LATE, { ...options, eval: true })),
    50,
  );
  const ask = (): unknown => {
    try {
      return connection.run(said, false)[0]?.rows;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const silence = 'the thread of the connection gave no answer';
  expect(ask()).toBe(silence);
  // A busy machine may take longer over the next, too.
  let asked = 2;
  let told = ask();
  for (; told === silence; asked++) told = ask();
  expect(told).toEqual([[asked]]);
});

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});
async function serve(meet: (socket: Socket) => void): Promise<number> {
  const server = createServer(meet).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

test.each([
  ['resets what it accepted', (socket: Socket) => void socket.resetAndDestroy()],
  ['ends what it accepted', (socket: Socket) => void socket.end()],
  ['resets at the first word', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
])('a server that %s is lost, and nothing hangs on it', async (_, meet) => {
  const port = await serve(meet);
  for (let times = 0; times < 5; times++) await expect(Connection.open(targetOf(port, 'test'))).rejects.toThrow(/\S/u);
});

/* What waits behind the driver's pipeline when a connection ends, and what is asked of a lost one in a piece, it never answers. */
test.skipIf(server === null)(
  'what was asked of a connection that is lost is answered: in flight, waiting, or asked afterwards',
  async () => {
    const port = server?.port ?? 0;
    const connection = await Connection.open(targetOf(port, 'test'));
    const asked = await connection.run([{ text: 'SELECT pg_backend_pid()', values: [], raw: true }]);
    const waiting = expect(
      connection.run(Array.from({ length: 150 }, () => ({ text: 'SELECT pg_sleep(60)', values: [], raw: true }))),
    ).rejects.toMatchObject({ code: /^(?:08006|57P01|CONNECTION_CLOSED)$/u });
    const other = await Connection.open(targetOf(port, 'test'));
    const ended = await other.run([{ text: 'SELECT pg_terminate_backend($1)', values: [Number(asked[0]?.rows.flat()[0])], raw: true }]);
    expect(ended[0]?.rows).toEqual([[true]]);
    await waiting;
    expect(connection.isOpen).toBe(false);
    await expect(connection.run([...said, ...said, ...said])).rejects.toThrow(/\S/u);
    await connection.close();
    await other.close();
  },
);
