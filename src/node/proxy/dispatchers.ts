import { isIP, type LookupFunction } from 'node:net';
import { buildConnector, type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import { type ProxyParts, proxyPlace } from '#bridge/proxy.ts';
import { assertNotOutside, bareHost } from './loopback.ts';

/** Of each stage: the connection to the proxy, its answer, the venue's TLS. The deadline of a request is over by then. */
const STAGE_MS = 15_000;
/** Proxies in use at a time are few; those of earlier settings are let go. */
const MOST_KEPT = 16;

/** A proxy did not bring a connection about: by its status, or because of `cause`. */
export class ProxyTrouble extends Error {
  readonly status: number | null;

  constructor(status: number | null, cause: unknown) {
    super(status === null ? 'the proxy failed' : `the proxy answered with status ${status}`, { cause });
    this.name = 'ProxyTrouble';
    this.status = status;
  }
}

type Tunnel = (asked: Parameters<Pool['connect']>[0]) => Promise<Dispatcher.ConnectData>;

/** The connection to an HTTP proxy: what fails in it, or in what it answers to CONNECT, is the proxy's. */
function proxyPool(origin: URL, options: Pool.Options): Dispatcher {
  const pool = new Pool(origin, options);
  const connect: Tunnel = pool.connect.bind(pool);
  const tunnel: Tunnel = async (asked) => {
    let answer: Dispatcher.ConnectData;
    try {
      answer = await connect(asked);
    } catch (error) {
      throw new ProxyTrouble(null, error);
    }
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw new ProxyTrouble(answer.statusCode, null);
  };
  return Object.assign(pool, { connect: tunnel });
}

/** `lookup`: of the proxy's own name, where addresses are guarded; the names of venues are the proxy's to resolve. */
export function createProxyDispatchers(lookup: LookupFunction | null): (proxy: ProxyParts) => Dispatcher {
  const kept = new Map<string, Dispatcher>();
  const connector = buildConnector({ timeout: STAGE_MS, allowH2: false, ...(lookup && { lookup }) });
  const connect: buildConnector.connector = ({ servername = '', ...options }, callback) => {
    try {
      if (lookup !== null) assertNotOutside(options.hostname);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null);
      return;
    }
    const hostname = bareHost(options.hostname);
    const named = isIP(servername) === 0 && servername !== '' ? { servername } : {};
    connector({ ...options, ...named, hostname }, callback);
  };

  function made(proxy: ProxyParts): Dispatcher {
    const uri = proxyPlace(proxy);
    if (proxy.scheme !== 'socks5') {
      const login = Buffer.from(`${proxy.user}:${proxy.password}`).toString('base64');
      return new ProxyAgent({
        uri,
        ...(proxy.user !== '' && { token: `Basic ${login}` }),
        // Addresses without TLS go through a tunnel too: one way, and what a proxy says is never taken for the venue's word.
        proxyTunnel: true,
        connectTimeout: STAGE_MS,
        clientFactory: (origin) => proxyPool(origin, { connect, headersTimeout: STAGE_MS }),
      });
    }
    return new Socks5ProxyAgent(uri, {
      username: proxy.user,
      password: proxy.password,
      connect: (options, callback) => {
        connect(options, (...[error, socket]) => (error === null ? callback(null, socket) : callback(new ProxyTrouble(null, error), null)));
      },
    });
  }
  return (proxy) => {
    const key = JSON.stringify(proxy);
    const known = kept.get(key) ?? made(proxy);
    kept.delete(key);
    kept.set(key, known);
    const [oldest] = kept;
    if (kept.size > MOST_KEPT && oldest !== undefined) {
      kept.delete(oldest[0]);
      // Resolves once what goes through it has ended; nothing waits for that.
      void oldest[1].close();
    }
    return known;
  };
}
