// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other layers compile this file by import, and no import brings a declared module
/// <reference path="./package.d.ts" />
import type { CcxtClient } from './client.ts';

type Package = Readonly<Record<string, unknown>>;
type ClientClass = new (options: object) => CcxtClient;

let loading: Promise<Package> | null = null;

/** The package is 100 MB of memory and a third of a second: only here is it loaded, and only once a venue of it is asked. */
const loadPackage = (): Promise<Package> => (loading ??= import('ccxt').then((module) => module.default));

/** A client of the exchange; null where the installed package knows no such exchange. */
export async function newClient(exchange: string, options: object): Promise<CcxtClient | null> {
  const found = (await loadPackage())[exchange];
  return typeof found === 'function' ? new (found as ClientClass)(options) : null;
}
