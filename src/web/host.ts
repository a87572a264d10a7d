import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { parse, stringify } from 'devalue';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Envelope } from '#bridge/contract.ts';
import { failure } from '#bridge/errors.ts';
import { WINDOW_ID } from '#bridge/window.ts';
import { WINDOW_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import type { App } from '#core/app.ts';
import type { Log } from '#core/ports/log.ts';
import { createAssetServer, securityHeaders } from '#node/assets.ts';
import { createAccess } from './access.ts';
import { boundConnections, CONNECTION_LIMITS, type ConnectionLimits } from './connections.ts';
import { createEventStreams, EVENT_STREAM, type EventStreamOptions } from './event-stream.ts';

/** A table of the screen that is to become a file is the largest. */
const MAX_CALL_BYTES = 16 * 1024 * 1024;

export interface HostOptions {
  readonly app: Pick<App, 'dispatch' | 'listen'>;
  /** Folder of the built renderer. */
  readonly assetsDir: string;
  /** null: any free one. */
  readonly port: number | null;
  readonly log: Log;
  readonly events?: EventStreamOptions;
  readonly connections?: ConnectionLimits;
  /** Of one call. */
  readonly maxCallBytes?: number;
  /** For the token's minute: milliseconds that never go back. */
  readonly now?: () => number;
}

export interface Host {
  /** An address to open, with a token that lets one browser in, once, within a minute. The address before is worth nothing then. */
  newUrl(): string;
  readonly port: number;
  close(): Promise<void>;
}

/** `message` is for the person. */
export class PortError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PortError';
  }
}

/** The app on 127.0.0.1 for a browser that brings the token. Throws PortError where the port cannot be had. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { app, assetsDir, log, events = EVENT_STREAM, connections = CONNECTION_LIMITS } = options;
  const connectSelf = true;
  const headers = securityHeaders({ connectSelf });
  const assets = createAssetServer(assetsDir, { connectSelf });
  let port = 0;
  const access = createAccess({
    port: () => port,
    headers,
    onLetIn: ({ env }) => bound.letIn((env as HttpBindings).incoming.socket),
    ...(options.now && { now: options.now }),
  });
  const openStream = createEventStreams(app, events);
  const answer = (envelope: Envelope<unknown>, status = 200): Response =>
    new Response(encode(envelope, log), { status, headers: { ...headers, 'content-type': WIRE_TYPE, 'cache-control': 'no-store' } });

  const routes = new Hono();
  routes.use(access.guard);
  routes.post(
    '/bridge/call',
    bodyLimit({ maxSize: options.maxCallBytes ?? MAX_CALL_BYTES, onError: () => answer(failure('bad-input'), 413) }),
    async (context) => {
      if (context.req.header('content-type') !== WIRE_TYPE) return answer(failure('bad-input'), 415);
      const asked = decode(await context.req.text());
      const named = context.req.header(WINDOW_HEADER) ?? '';
      const window = WINDOW_ID.test(named) ? named : null;
      return asked === null ? answer(failure('bad-input'), 400) : answer(await app.dispatch(asked.name, asked.input, window));
    },
  );
  routes.get('/bridge/events', (context) => {
    // Hono answers HEAD as a GET whose body it drops unread: a stream of that would listen for ever.
    if (context.req.method !== 'GET') return answer(failure('bad-input'), 405);
    return new Response(openStream(), { headers: { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  });
  routes.all('*', (context) => assets(context.req.raw));
  routes.onError((error) => {
    log.write('error', 'web', 'A request failed.', { error });
    return answer(failure('internal'), 500);
  });

  // Without a given createServer this is a node:http server.
  const server = createAdaptorServer({
    fetch: routes.fetch,
    overrideGlobalObjects: false,
    serverOptions: { headersTimeout: connections.headersMs, connectionsCheckingInterval: 1_000 },
  }) as Server;
  const bound = boundConnections(server, connections);
  await listen(server, options.port ?? 0);
  // The server listens on TCP, so its address is no pipe's name.
  port = (server.address() as AddressInfo).port;
  return {
    newUrl: () => `http://127.0.0.1:${port}/?token=${access.newToken()}`,
    port,
    async close() {
      if (!server.listening) return;
      server.close();
      // Event streams stay open for as long as the page does.
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') {
      throw new PortError(
        `Port ${port} is taken by another program. Choose another --port, or leave the flag out for any free one.`,
        error,
      );
    }
    if (code === 'EACCES') throw new PortError(`Port ${port} may not be used by you. Choose one above 1023 with --port.`, error);
    throw error;
  }
}

/** null for anything but {name, input}; what the input holds is the dispatcher's to check. */
function decode(text: string): { name: string; input: unknown } | null {
  try {
    const asked: unknown = parse(text);
    if (typeof asked !== 'object' || asked === null || !('name' in asked) || typeof asked.name !== 'string') return null;
    return { name: asked.name, input: 'input' in asked ? asked.input : undefined };
  } catch (error) {
    // devalue throws an Error of its own for text that is none of its making.
    if (error instanceof Error) return null;
    throw error;
  }
}

function encode(envelope: Envelope<unknown>, log: Log): string {
  try {
    return stringify(envelope);
  } catch (error) {
    log.write('error', 'web', 'An answer cannot cross to the page.', { error });
    return stringify(failure('internal'));
  }
}
