import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { CERTIFICATE, CERTIFICATE_KEY } from './certificate.ts';

export type ProxyFault =
  /** Takes what is sent and says nothing. */
  | { readonly kind: 'stall' }
  /** Closes the connection once it was asked. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'reset' }
  /** An HTTP proxy's status to CONNECT, or a SOCKS5 proxy's reply field (RFC 1928, section 6). */
  | { readonly kind: 'status'; readonly status: number }
  /** Says yes to CONNECT and then shows a page for people: a captive portal. */
  | { readonly kind: 'portal' }
  /** Bytes of another protocol. */
  | { readonly kind: 'noise' };

export interface ProxyOptions {
  /** Who does not give these is refused. */
  readonly login?: { readonly user: string; readonly password: string };
  /** An HTTP proxy that is asked over TLS. */
  readonly tls?: true;
}

export interface SmallProxy {
  /** With its kind, without a login. */
  readonly url: string;
  readonly port: number;
  /** What it was asked to connect to, as it was told: "exchange.example:443", "127.0.0.1:8080". */
  readonly asked: readonly string[];
  /** Of SOCKS5: how each was told, 'name' (address type 3) or 'number'. */
  readonly kinds: readonly ('name' | 'number')[];
  fault: ProxyFault | null;
  openSockets(): number;
  /** Resolves when something was asked `count` times in all. */
  arrived(count: number): Promise<void>;
  /** Resolves when no client is connected any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** HTTP CONNECT on loopback. Whatever name it is asked for, it connects to that port of this machine. */
export const startHttpProxy = (options: ProxyOptions = {}): Promise<SmallProxy> =>
  start(options.tls ? 'https' : 'http', options, (client, proxy) => {
    let head = '';
    client.on('data', function onData(chunk: Buffer) {
      head += chunk.toString('latin1');
      // A client that speaks TLS to it, as any HTTP server answers that.
      if (head.startsWith('\u0016')) return void client.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
      if (!head.includes('\r\n\r\n')) return;
      client.off('data', onData);
      const [, target = ''] = /^CONNECT (\S+) HTTP\/1\.1\r\n/u.exec(head) ?? [];
      const [, given = ''] = /\r\nproxy-authorization: Basic (\S+)\r\n/iu.exec(head) ?? [];
      const { user, password } = options.login ?? { user: '', password: '' };
      const isKnown = options.login === undefined || Buffer.from(given, 'base64').toString() === `${user}:${password}`;
      proxy.note(target, 'name');
      if (proxy.isSpoilt(client)) return;
      const say = (status: number, more = ''): void => void client.write(`HTTP/1.1 ${status} -\r\n${more}\r\n`);
      const { fault } = proxy;
      if (!isKnown) say(407, 'proxy-authenticate: Basic realm="test"\r\ncontent-length: 0\r\n');
      else if (fault?.kind === 'status') say(fault.status, 'content-length: 0\r\n');
      else if (fault?.kind === 'portal') {
        say(200);
        client.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 14\r\n\r\n<html>log in</');
      } else tunnel(client, portOf(target), () => say(200));
    });
  });

/** SOCKS5 (RFC 1928, RFC 1929) on loopback. Whatever name it is asked for, it connects to that port of this machine. */
export const startSocksProxy = (options: ProxyOptions = {}): Promise<SmallProxy> =>
  start('socks5', options, (client, proxy) => {
    let bytes = Buffer.alloc(0);
    let step: 'methods' | 'login' | 'request' = 'methods';
    client.on('data', function onData(chunk: Buffer) {
      bytes = Buffer.concat([bytes, chunk]);
      if (step === 'methods' && bytes.length >= 2 + (bytes[1] ?? 0)) {
        if (proxy.isSpoilt(client)) return;
        const methods = [...bytes.subarray(2, 2 + (bytes[1] ?? 0))];
        const wanted = options.login === undefined ? 0 : 2;
        client.write(Buffer.of(5, methods.includes(wanted) ? wanted : 0xff));
        step = options.login === undefined ? 'request' : 'login';
        bytes = Buffer.alloc(0);
      } else if (step === 'login' && bytes.length >= 3 + (bytes[1] ?? 0)) {
        const end = 2 + (bytes[1] ?? 0);
        const length = bytes[end] ?? 0;
        if (bytes.length < end + 1 + length) return;
        const [user, password] = [bytes.subarray(2, end).toString(), bytes.subarray(end + 1, end + 1 + length).toString()];
        const isKnown = user === options.login?.user && password === options.login.password;
        client.write(Buffer.of(1, isKnown ? 0 : 1));
        step = 'request';
        bytes = Buffer.alloc(0);
      } else if (step === 'request' && bytes.length >= 5) {
        const type = bytes[3] ?? 0;
        const length = type === 3 ? (bytes[4] ?? 0) + 1 : type === 4 ? 16 : 4;
        if (bytes.length < 4 + length + 2) return;
        client.off('data', onData);
        const host = type === 3 ? bytes.subarray(5, 4 + length).toString() : [...bytes.subarray(4, 4 + length)].join('.');
        const port = bytes.readUInt16BE(4 + length);
        proxy.note(`${host}:${port}`, type === 3 ? 'name' : 'number');
        const reply = (field: number): void => void client.write(Buffer.of(5, field, 0, 1, 0, 0, 0, 0, 0, 0));
        if (proxy.fault?.kind === 'status') reply(proxy.fault.status);
        else tunnel(client, port, () => reply(0));
      }
    });
  });

const portOf = (target: string): number => Number(/:(\d+)$/u.exec(target)?.[1] ?? 0);

function tunnel(client: Socket, port: number, ready: () => void): void {
  const server = connect(port, '127.0.0.1', () => {
    ready();
    client.pipe(server).pipe(client);
  });
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
}

interface Inside {
  readonly fault: ProxyFault | null;
  note(target: string, kind: 'name' | 'number'): void;
  /** True where a fault has dealt with the client. */
  isSpoilt(client: Socket): boolean;
}

async function start(scheme: string, options: ProxyOptions, serve: (client: Socket, proxy: Inside) => void): Promise<SmallProxy> {
  const asked: string[] = [];
  const kinds: ('name' | 'number')[] = [];
  const sockets = new Set<Socket>();
  let waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  let idlers: (() => void)[] = [];
  let reached = 0;
  const count = (): void => {
    reached += 1;
    for (const waiter of waiters) if (waiter.count <= reached) waiter.resolve();
    waiters = waiters.filter((waiter) => waiter.count > reached);
  };
  const onClient = (client: Socket): void => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.on('close', () => {
      sockets.delete(client);
      if (sockets.size > 0) return;
      for (const resolve of idlers) resolve();
      idlers = [];
    });
    serve(client, inside);
  };
  const server: Server = options.tls ? createTlsServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, onClient) : createServer(onClient);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: SmallProxy = {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    asked,
    kinds,
    fault: null,
    openSockets: () => sockets.size,
    arrived: (wanted) => new Promise((resolve) => (reached >= wanted ? resolve() : void waiters.push({ count: wanted, resolve }))),
    idle: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : void idlers.push(resolve))),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  const inside: Inside = {
    get fault() {
      return proxy.fault;
    },
    note(target, kind) {
      asked.push(target);
      kinds.push(kind);
      count();
    },
    isSpoilt(client) {
      const { fault } = proxy;
      if (fault?.kind === 'stall') count();
      else if (fault?.kind === 'cut') client.end();
      else if (fault?.kind === 'reset') client.resetAndDestroy();
      else if (fault?.kind === 'noise') client.end('220 mail.example ESMTP\r\n');
      else return false;
      return true;
    },
  };
  return proxy;
}
