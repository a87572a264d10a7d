import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { OutagePhase } from './story.ts';
import type { Wire } from './wire.ts';

const BODY_BYTES = 64 * 1024;
const OUTAGE_PAGE =
  '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n' +
  '<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n';

export interface DemoServer {
  readonly url: string;
  /** Destroys kept-alive sockets and answers in waiting; safe to call twice. */
  close(): Promise<void>;
}

interface Options {
  readonly name: string;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly log: Log;
  /** How the venue fails at this moment; null while it is up. */
  readonly outage: (now: number) => OutagePhase | null;
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const buffer = Buffer.from(part as Uint8Array);
    bytes += buffer.length;
    if (bytes > BODY_BYTES) return null;
    parts.push(buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** One venue on a free port of 127.0.0.1. Answers to loopback names only and sends no CORS header: pages cannot read it. */
export async function startDemoServer({ name, wire, clock, log, outage }: Options): Promise<DemoServer> {
  function send(response: ServerResponse, status: number, type: string, told: string, now: number): void {
    const body = type === 'application/zip' ? Buffer.from(told, 'base64') : told;
    response.sendDate = false;
    response.writeHead(status, {
      'Content-Type': type.startsWith('application/') ? type : `${type}; charset=utf-8`,
      'Content-Length': Buffer.byteLength(body),
      Date: new Date(now).toUTCString(),
    });
    response.end(body);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = Math.floor(clock.now());
    const host = request.headers.host ?? '';
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) {
      send(response, 421, 'text/plain', 'unknown host', now);
      return;
    }
    const phase = outage(now);
    if (phase === 'page') {
      send(response, 503, 'text/html', OUTAGE_PAGE, now);
      return;
    }
    if (phase === 'reset') return void request.socket.destroy();
    // Never answered: the client's deadline or close() ends it.
    if (phase === 'silent') return;
    const body = await readBody(request);
    if (body === null) {
      send(response, 413, 'text/plain', 'body too large', now);
      return;
    }
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const reply = wire({ method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body }, now);
    send(response, reply.status, reply.type, reply.body, now);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.write('warn', 'demo', `${name}: a request was not answered`, { url: request.url, error: String(error) });
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`demo market: ${name} has no port`);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
