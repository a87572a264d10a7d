import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HttpError } from '#core/venue-error.ts';

/** How names become addresses: node:dns's lookup. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const isLoopback = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Without the brackets of IPv6. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/gu, '');

const outside = (host: string): HttpError =>
  new HttpError('outside', `${host} is not this machine: the demo and the tests never ask anything outside it`);

/** By how it is written: an address of this machine, or the name that every machine has for itself. */
export const isThisMachine = (host: string): boolean => {
  const bare = bareHost(host);
  return isIP(bare) === 0 ? bare === 'localhost' || bare.endsWith('.localhost') : isLoopback(bare);
};

/** An address written as numbers is never looked up: it is refused here. */
export function assertNotOutside(host: string): void {
  const bare = bareHost(host);
  if (isIP(bare) !== 0 && !isLoopback(bare)) throw outside(host);
}

/** A name counts as what it resolves to: every address of it must be of this machine. */
export const onLoopback =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) =>
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? (addresses.every(({ address }) => isLoopback(address)) ? null : outside(name));
      if (refused !== null) callback(refused, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });

/** Throws HttpError 'outside' for a host beyond this machine; of a name that a proxy is to resolve too. */
export async function assertOnLoopback(host: string, resolve: Resolve): Promise<void> {
  assertNotOutside(host);
  const bare = bareHost(host);
  if (isIP(bare) !== 0) return;
  await new Promise<void>((done, fail) => {
    onLoopback(resolve)(bare, { all: true }, (error) => (error === null ? done() : fail(error)));
  });
}
