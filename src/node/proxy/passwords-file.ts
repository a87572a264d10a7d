import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { outgoing, type ProxyChoice } from '#bridge/proxy.ts';
import type { Log } from '#core/ports/log.ts';
import type { ProxyPasswords } from '#core/ports/passwords.ts';
import { HttpError } from '#core/venue-error.ts';

/** What locks a text away so that only this user of this computer can read it. Null: nothing here does. */
export interface Lockbox {
  /** False where the system would only hide the text. */
  isSafe(): Promise<boolean>;
  lock(text: string): Promise<string>;
  /** Rejects where the text was locked elsewhere. */
  unlock(locked: string): Promise<string>;
}

export interface FilePasswords extends ProxyPasswords {
  /** '' where none is kept. Rejects with HttpError 'proxy', 'locked' where there is one that cannot be read here. */
  of(proxy: ProxyChoice): Promise<string>;
}

const format = z.record(z.string(), z.string());
const NOWHERE =
  'The password is not kept: nothing here locks it away. Name the proxy in HTTPS_PROXY when you start Perpscope, with its password, and choose "system".';

/** By address, locked; the file is read at each question, since another process may have written it, and written whole. */
export function openPasswords(file: string, box: Lockbox | null, log: Log): FilePasswords {
  function read(): Record<string, string> {
    try {
      return format.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      if (!isMissing) log.write('warn', 'proxies', `${file} cannot be read: its passwords have to be typed anew`);
      return {};
    }
  }
  function write(all: Record<string, string>): void {
    const unfinished = `${file}.new`;
    writeFileSync(unfinished, JSON.stringify(all), { mode: 0o600 });
    renameSync(unfinished, file);
  }
  return {
    async of(proxy) {
      const locked = read()[proxy];
      if (locked === undefined) return '';
      const refused = new HttpError('proxy', 'the password of the proxy cannot be read here', { via: outgoing(proxy), failure: 'locked' });
      if (box === null) throw refused;
      try {
        return await box.unlock(locked);
      } catch (error) {
        log.write(
          'warn',
          'proxies',
          `the password of ${outgoing(proxy)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        );
        throw refused;
      }
    },
    async keep(proxy, password) {
      if (box === null || !(await box.isSafe())) throw new Error(NOWHERE);
      const locked = await box.lock(password);
      try {
        write({ ...read(), [proxy]: locked });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`The password is not kept: it could not be written (${why}).`, { cause: error });
      }
    },
    keepOnly(proxies) {
      const all = read();
      const left = Object.entries(all).filter(([proxy]) => proxies.has(proxy));
      if (left.length < Object.keys(all).length) write(Object.fromEntries(left));
      return Promise.resolve();
    },
  };
}
