import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defer, StandInEvent } from './events.ts';

const env = process.env;
const root = join(import.meta.dirname, '../../..');
const { version, productName } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; productName: string };

/** What windows tell the app, without an import in a circle. */
export const openWindows = new Set<{ close(): void; destroy(): void }>();

class App extends EventEmitter {
  readonly isPackaged = env['STAND_IN_PACKAGED'] === '1';
  /** Stand-in only: what the shell asked for, for the specs. */
  readonly asked = { sandbox: false, relaunch: false, badge: 0 };
  readonly commandLine = {
    hasSwitch: (name: string): boolean => process.argv.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  };
  #ready = false;
  #whenReady = defer<undefined>();
  #quitting = false;
  #paths = new Map([
    ['temp', tmpdir()],
    ['appData', env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')],
  ]);

  isReady(): boolean {
    return this.#ready;
  }

  whenReady(): Promise<undefined> {
    return this.#whenReady.promise;
  }

  /** Stand-in only: Electron becomes ready only after the entry module has run to its end. */
  becomeReady(): void {
    // Nothing else keeps a process alive that waits for its windows.
    setInterval(() => undefined, 2 ** 30);
    this.#ready = true;
    this.emit('ready');
    this.#whenReady.resolve(undefined);
  }

  mustNotBeReady(what: string): void {
    if (this.#ready) throw new Error(`${what} must be called before the app is ready`);
  }

  mustBeReady(what: string): void {
    if (!this.#ready) throw new Error(`${what} cannot be used before the app is ready`);
  }

  enableSandbox(): void {
    this.mustNotBeReady('app.enableSandbox');
    this.asked.sandbox = true;
  }

  setBadgeCount(count: number): boolean {
    this.mustBeReady('app.setBadgeCount');
    this.asked.badge = count;
    return true;
  }

  /** As a proxy script would answer; the system of the stand-in has none unless a spec names one. */
  resolveProxy(): Promise<string> {
    this.mustBeReady('app.resolveProxy');
    return Promise.resolve(env['STAND_IN_PROXY'] ?? 'DIRECT');
  }

  /** One process, as the stand-in is. */
  getAppMetrics(): { readonly memory: { readonly workingSetSize: number } }[] {
    return [{ memory: { workingSetSize: Math.round(process.memoryUsage.rss() / 1024) } }];
  }

  getVersion(): string {
    return version;
  }

  getName(): string {
    return productName;
  }

  getPath(name: string): string {
    const path = this.#paths.get(name) ?? (name === 'userData' ? join(this.getPath('appData'), productName) : undefined);
    if (path === undefined) throw new Error(`stand-in: no path "${name}"`);
    return path;
  }

  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path "${name}": no such folder`);
    this.#paths.set(name, path);
  }

  /** One living process per userData; a second one leaves a note that the first one finds. */
  requestSingleInstanceLock(): boolean {
    const folder = join(this.getPath('userData'), 'stand-in-instance');
    const holder = join(folder, 'pid');
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(holder, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAlive(Number(readFileSync(holder, 'utf8')))) {
        writeFileSync(join(folder, `second-${process.pid}`), JSON.stringify({ argv: process.argv, cwd: process.cwd() }));
        return false;
      }
      writeFileSync(holder, String(process.pid));
    }
    watch(folder, { persistent: false }, (_type, name) => {
      const note = name?.startsWith('second-') === true ? join(folder, name) : null;
      if (note === null || !existsSync(note)) return;
      const text = readFileSync(note, 'utf8');
      if (text === '') return;
      rmSync(note);
      const { argv, cwd } = JSON.parse(text) as { argv: string[]; cwd: string };
      this.emit('second-instance', new StandInEvent(), argv, cwd, null);
    });
    return true;
  }

  quit(): void {
    if (this.#quitting) return;
    const before = new StandInEvent();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#quitting = true;
    for (const window of [...openWindows]) window.close();
    if (openWindows.size > 0) {
      this.#quitting = false;
      return;
    }
    const will = new StandInEvent();
    this.emit('will-quit', will);
    if (!will.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    this.#quitting = true;
    for (const window of [...openWindows]) window.destroy();
    this.emit('quit', new StandInEvent(), code);
    process.exit(code);
  }

  relaunch(): void {
    this.asked.relaunch = true;
  }

  /** Stand-in only: without a listener Electron quits with its last window. */
  windowClosed(): void {
    if (openWindows.size === 0 && !this.#quitting && !this.emit('window-all-closed')) this.quit();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const app = new App();
