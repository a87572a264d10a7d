import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, isBuilt } from '#launch/build.ts';
import { findElectron } from '#launch/electron-binary.ts';
import type * as Electron from 'electron';
import { _electron, chromium, type Browser, type Page } from 'playwright-core';
import type { Command, Reply } from '../support/electron-stand-in/control.ts';
import { chooseVenues } from '../support/demo-folder.ts';
import { notShown } from '../support/electron-stand-in/not-shown.ts';
import { learnScheme, toPage } from '../support/electron-stand-in/urls.ts';

const root = resolve(import.meta.dirname, '../..');
const readyLine = 'perpscope: window ready';
const readyMs = 120_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The running desktop app, on Electron or on the stand-in: the specs do not know which. */
export interface Desktop {
  readonly process: ChildProcess;
  readonly exited: Promise<Exit>;
  /** Everything that it printed so far. */
  output(): string;
  /** The terminal's page; after a crash it is another one. */
  page(): Promise<Page>;
  /** Runs a function in the main process; it sees nothing but its two arguments. */
  inMain<T, A = null>(run: (electron: typeof Electron, arg: A) => T | Promise<T>, arg?: A): Promise<T>;
  /** An app:// URL as its page must spell it. */
  url(url: string): string;
  /** Resolves when every window that was asked for is there or refused. */
  settle(): Promise<void>;
  /** Quits as the menu does and waits for the end. */
  quit(): Promise<Exit>;
}

export interface Shell {
  readonly name: string;
  /** Why it cannot run here, or null. */
  readonly missing: string | null;
  start(options?: StartOptions): Promise<Desktop>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Without it: on the demo market, in a folder of its own where one venue is on. */
  readonly dataDir?: string;
  /** False where the app is expected to end before its window. */
  readonly untilReady?: boolean;
}

const temporary: string[] = [];
const running = new Set<ChildProcess>();

/** Where a person has been who switched all venues but one off: each costs its part of every start. */
export function begunFolder(): string {
  const folder = temporaryFolder();
  chooseVenues(folder, ['binance']);
  return folder;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-desktop-'));
  temporary.push(folder);
  return folder;
}

/** For afterAll: ends what still runs and takes away every folder that was made. */
export async function cleanUp(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

let built: Promise<void> | null = null;

async function prepare(options: StartOptions): Promise<{ args: string[]; env: Record<string, string> }> {
  await (built ??= isBuilt(root) ? Promise.resolve() : build(root, AbortSignal.timeout(120_000)));
  const dataDir = options.dataDir ?? begunFolder();
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    args: ['--data-dir', dataDir, ...(options.args ?? ['--demo', '--demo-speed', '1'])],
    // A decoy home: whatever forgets --data-dir lands there. A browser that is killed leaves its profile in TMPDIR.
    env: { ...Object.fromEntries(inherited), XDG_CONFIG_HOME: temporaryFolder(), TMPDIR: temporaryFolder(), ...options.env },
  };
}

function follow(child: ChildProcess): { output: () => string; exited: Promise<Exit>; ready: Promise<void> } {
  let output = '';
  running.add(child);
  // Not 'close': after disconnect() Node never tells it.
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const drained = [child.stdout, child.stderr].map((stream) => (stream === null ? null : once(stream, 'close')));
  const exited = Promise.all([ended, ...drained]).then(([[code, signal]]): Exit => {
    running.delete(child);
    return { code, signal };
  });
  const ready = new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no window after ${readyMs / 1000} s\n${output}`)), readyMs);
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes(readyLine)) return;
      clearTimeout(late);
      done();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    void exited.then(({ code, signal }) => {
      clearTimeout(late);
      fail(new Error(`ended before its window: ${code ?? signal}\n${output}`));
    });
  });
  return { output: () => output, exited, ready };
}

export const standIn: Shell = {
  name: 'the stand-in',
  missing: null,
  async start(options = {}) {
    const { args, env } = await prepare(options);
    const start = join(root, 'test/support/electron-stand-in/start.ts');
    const child = spawn(process.execPath, [start, join(root, 'out/main/index.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env,
      cwd: root,
    });
    const { output, exited, ready } = follow(child);
    const ask = asker(child, exited, output);
    let browser: Promise<Browser> | null = null;
    if (options.untilReady !== false) await ready;
    else ready.catch(() => null);
    learnScheme('app');
    return {
      process: child,
      exited,
      output,
      async page() {
        browser ??= ask({ ask: 'browser' }, null).then((endpoint) => chromium.connect(endpoint as string));
        const connected = await browser;
        return mainPage(() => connected.contexts().flatMap((context) => context.pages()), toPage('app://bundle/'));
      },
      inMain: (run, arg) => ask(run.toString(), arg ?? null) as Promise<Awaited<ReturnType<typeof run>>>,
      url: toPage,
      async settle() {
        await ask({ ask: 'settle' }, null);
      },
      async quit() {
        child.send({ id: -1, run: '({ app }) => { setImmediate(() => app.quit()); }', arg: null } satisfies Command);
        return exited;
      },
    };
  },
};

/** Questions over the child's channel, by number. */
function asker(child: ChildProcess, exited: Promise<Exit>, output: () => string): (run: Command['run'], arg: unknown) => Promise<unknown> {
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  return async (run, arg) => {
    const id = ++last;
    const reply = await new Promise<Reply>((done) => {
      waiting.set(id, done);
      void exited.then(({ code, signal }) => done({ id, error: `the app has ended: ${code ?? signal}\n${output()}` }));
      child.send({ id, run, arg } satisfies Command);
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.value;
  };
}

/** The page with this URL; pages come and go while windows open and crash. */
async function mainPage(pages: () => Page[], url: string): Promise<Page> {
  for (const end = Date.now() + readyMs; Date.now() < end;) {
    for (const page of pages().filter((candidate) => candidate.url() === url)) {
      const alive = await Promise.race([page.evaluate(() => true).catch(() => false), new Promise((no) => setTimeout(no, 10_000, false))]);
      if (alive === true) return page;
    }
    await new Promise((again) => setTimeout(again, 25));
  }
  throw new Error(`no page at ${url}`);
}

/** A packed twin (build/fuses.ts) in the place of Electron with the built sources. */
const packed = process.env['PERPSCOPE_PACKED'] ?? '';
const binary = packed === '' ? findElectron(root, process.env) : packed;
const display = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;

export const electron: Shell = {
  name: 'Electron',
  missing: binary === null ? "Electron's binary is not here" : display ? null : 'there is no display',
  async start(options = {}) {
    const { args, env } = await prepare(options);
    const root0 = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const launched = await _electron.launch({
      executablePath: binary ?? '',
      args: [...root0, ...(packed === '' ? [root] : []), ...args],
      env,
      cwd: root,
      timeout: readyMs,
    });
    const child = launched.process();
    const { output, exited, ready } = follow(child);
    // Its first lines may be gone by now: the page itself tells.
    ready.catch(() => null);
    const page = (): Promise<Page> => mainPage(() => launched.windows(), 'app://bundle/');
    if (options.untilReady !== false) await page();
    return {
      process: child,
      exited,
      output,
      page,
      inMain: (run, arg) => launched.evaluate(run as never, (arg ?? null) as never),
      url: (url) => url,
      settle: () => Promise.resolve(),
      async quit() {
        await launched.evaluate(({ app }) => void setImmediate(() => app.quit()));
        return exited;
      },
    };
  },
};

export const shells: readonly Shell[] = [standIn, electron];

for (const { name, missing } of shells) if (missing !== null) console.warn(`desktop specs on ${name}: SKIPPED, ${missing}`);
console.warn(`what the stand-in cannot show is SKIPPED:\n${notShown.map((line) => `  - ${line}`).join('\n')}`);
