import { proxyParts } from '#bridge/proxy.ts';
import { HttpError } from '#core/venue-error.ts';
import type { SystemProxies } from './system-proxies.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What the system says where it says it by its environment: https_proxy (of https addresses), http_proxy (of http ones), all_proxy
 * for either, no_proxy for those that are asked without; names in small or capital letters, the small ones first, as curl has it.
 * A value without a kind is an HTTP proxy.
 */
export function envProxies(env: Env): SystemProxies {
  const read = (name: string): string => (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  return (target) => {
    const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
    const found = read(name) || read('all_proxy');
    if (found === '' || isExempt(target, read('no_proxy'))) return Promise.resolve([null]);
    const address = /^[a-z0-9]+:\/\//iu.test(found) ? found : `http://${found}`;
    const parts = proxyParts(address);
    const why = `${(read(name) === '' ? 'all_proxy' : name).toUpperCase()} of the environment`;
    if (typeof parts !== 'string') return Promise.resolve([parts]);
    return Promise.reject(new HttpError('proxy', `${why}: ${parts}`, { via: why, failure: 'unusable' }));
  };
}

/** Entries are names (and what lies below them), with a port where only that is meant; * is everything. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/gu, '');
  const asked = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => {
      const [, name = '', only = asked] = /^\[?(.*?)\]?(?::(\d+))?$/u.exec(/^[^[].*:.*:/u.test(entry) ? `[${entry}]` : entry) ?? [];
      if (name === '' || only !== asked) return false;
      const bare = name.replace(/^\*?\./u, '');
      return name === '*' || host === bare || host.endsWith(`.${bare}`);
    });
}
