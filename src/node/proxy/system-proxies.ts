import { type ProxyParts, proxyParts } from '#bridge/proxy.ts';

/** What the system would go through to an address: proxies to be tried in this order, null for straight. May reject with HttpError. */
export type SystemProxies = (target: URL) => Promise<readonly (ProxyParts | null)[]>;

const KINDS: Readonly<Record<string, string>> = { PROXY: 'http', HTTPS: 'https', SOCKS5: 'socks5' };

/** An answer as proxy scripts give it ("PROXY a:8080; SOCKS5 b:1080; DIRECT"). What cannot be used (SOCKS4) is left out. */
export function pacProxies(answer: string): (ProxyParts | null)[] {
  return answer.split(';').flatMap((entry) => {
    const [kind = '', place = ''] = entry.trim().split(/\s+/u);
    if (kind.toUpperCase() === 'DIRECT') return [null];
    const parts = proxyParts(`${KINDS[kind.toUpperCase()] ?? 'other'}://${place}`);
    return typeof parts === 'string' ? [] : [parts];
  });
}
