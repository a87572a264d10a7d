import { z } from 'zod';

const SCHEMES = ['http', 'https', 'socks5'] as const;
const WHOLE = /^(?<scheme>[a-z0-9]+):\/\/(?:(?<login>.*)@)?(?<host>\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+):(?<port>\d{1,5})\/?$/iu;

export interface ProxyParts {
  readonly scheme: (typeof SCHEMES)[number];
  /** Decoded; empty where none is given. */
  readonly user: string;
  readonly password: string;
  /** IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
}

/** The parts of a proxy's address, or what is wrong with it for the person who wrote it: a sentence that repeats nothing of it. */
export function proxyParts(address: string): ProxyParts | string {
  const { scheme = '', login = '', host = '', port = '' } = WHOLE.exec(address.trim())?.groups ?? {};
  // curl's name for SOCKS5 with names resolved by the proxy, which is the only way here.
  const named = scheme.toLowerCase().replace(/^socks5h$/u, 'socks5');
  const known = SCHEMES.find((one) => one === named);
  if (/^socks4?a?$/iu.test(scheme)) return 'Of SOCKS proxies only SOCKS5 can be used. Write socks5://host:port if yours speaks it.';
  if (known === undefined || Number(port) < 1 || Number(port) > 65_535)
    return 'A proxy is written with its kind and port: http://host:port, https://host:port or socks5://host:port.';
  const [user = '', ...rest] = login.split(':');
  return { scheme: known, user: decoded(user), password: decoded(rest.join(':')), host: host.toLowerCase(), port: Number(port) };
}

/** As a person types it: a percent sign that begins no code is a percent sign. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Where a proxy stands, without who uses it: for screens, logs and the names of what is kept by address. */
export const proxyPlace = ({ scheme, host, port }: ProxyParts): string => `${scheme}://${host}:${port}`;

/** The address as settings hold it: with the user, never with a password. */
export const proxyAddress = (parts: ProxyParts): string =>
  parts.user === '' ? proxyPlace(parts) : `${parts.scheme}://${encodeURIComponent(parts.user)}@${parts.host}:${parts.port}`;

/** How requests leave this machine: straight, as the system says, or through the proxy at this address. */
export const proxyChoice = z
  .string()
  .max(500)
  .refine((text) => {
    if (text === 'off' || text === 'system') return true;
    const parts = proxyParts(text);
    return typeof parts !== 'string' && parts.password === '';
  }, 'must be off, system, or a proxy such as http://host:8080 or socks5://host:1080, without a password.');
export type ProxyChoice = z.infer<typeof proxyChoice>;

export type TypedProxy = { readonly choice: ProxyChoice; readonly password: string } | { readonly why: string };

/** What a person typed, as the settings hold it, with the password apart; or why it cannot be used. */
export function readTypedProxy(text: string): TypedProxy {
  const word = text.trim().toLowerCase();
  if (word === 'off' || word === 'system') return { choice: word, password: '' };
  const parts = proxyParts(text);
  if (typeof parts === 'string') return { why: parts };
  if (parts.password !== '' && parts.user === '')
    return { why: 'A password of a proxy goes with a user name: http://user:password@host:port.' };
  return { choice: proxyAddress(parts), password: parts.password };
}

/**
 * By which address an exchange sees this machine, as far as it can be told: empty for this machine's own way, which 'system' may
 * also be. Two users of one proxy count as one: what an exchange counts by address is then never passed.
 */
export function outgoing(choice: ProxyChoice): string {
  if (choice === 'off' || choice === 'system') return '';
  const parts = proxyParts(choice);
  return typeof parts === 'string' ? '' : proxyPlace(parts);
}
