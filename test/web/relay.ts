import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A venue that a test can take down: passes requests on to `target`, breaks every connection, or bans who asks. */
export interface Relay {
  readonly url: string;
  down: boolean;
  bans: boolean;
  /** Paths that begin so are refused in this country. */
  blocks: string | null;
  /** Changes the text of an answer. */
  edit: ((path: string, text: string) => string) | null;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  const relay: Relay & { url: string } = { url: '', down: false, bans: false, blocks: null, edit: null, close };
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { pathname, search } = new URL(request.url ?? '/', 'http://relay');
      const answer = await fetch(`${target}${pathname}${search}`, {
        method: request.method ?? 'GET',
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks), headers: { 'content-type': 'application/json' } }),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
      const body = Buffer.from(await answer.arrayBuffer());
      response.end(relay.edit === null ? body : relay.edit(pathname, body.toString()));
    };
    if (relay.bans) response.writeHead(418, { 'retry-after': '36000' }).end('{"code":-1003}');
    else if (relay.blocks !== null && request.url?.startsWith(relay.blocks) === true) response.writeHead(451).end('{"code":0}');
    else if (relay.down) request.socket.destroy();
    else pass().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  return relay;
}
