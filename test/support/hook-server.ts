import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HookRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a webhook of a person's own would be, on this machine. */
export interface HookServer {
  readonly url: string;
  readonly asked: readonly HookRequest[];
  /** How it answers from now on: with a status, or as it likes. */
  answer: number | ((response: ServerResponse) => void);
  close(): Promise<void>;
}

export async function startHookServer(): Promise<HookServer> {
  const asked: HookRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      if (typeof hook.answer === 'number') response.writeHead(hook.answer).end('{}');
      else hook.answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hook: HookServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts?key=of-mine`,
    asked,
    answer: 200,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return hook;
}
