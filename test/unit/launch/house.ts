import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { vi } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');

/** Stands where the built loopback host would: serves nothing, and leaves a file behind when it was closed in order. */
const WEB = `
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
export async function serve(flags) {
  const server = createServer().listen(flags.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  writeFileSync(join(import.meta.dirname, '../../served.json'), JSON.stringify(flags));
  return {
    newUrl: () => 'http://127.0.0.1:' + server.address().port + '/?token=t',
    close: async () => {
      server.close();
      writeFileSync(join(import.meta.dirname, '../../closed'), '');
    },
  };
}
`;

const BUILDER = `
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
if (process.env.FAKE_BUILD_FAILS) { console.error('error: src/main/index.ts is broken'); process.exit(1); }
writeFileSync('built', '');
for (const [file, text] of [['main/index.js', ''], ['main/web.js', ${JSON.stringify(WEB)}], ['preload/index.cjs', ''], ['renderer/index.html', '']]) {
  mkdirSync(dirname('out/' + file), { recursive: true });
  writeFileSync('out/' + file, text);
}
`;

/**
 * A folder like a fresh clone after \`npm ci\`, with the real launcher in it. What it starts is small and tells on itself:
 * the builder, Electron's package and the built host are stand-ins that the test writes.
 */
export class House {
  readonly root = mkdtempSync(join(tmpdir(), 'perpscope-launch-'));
  #children: ChildProcess[] = [];

  constructor() {
    cpSync(join(repository, 'src/launch'), join(this.root, 'src/launch'), { recursive: true });
    for (const file of ['data-dir', 'entered-lines', 'flags', 'lifetime', 'parent-watch']) {
      cpSync(join(repository, `src/node/${file}.ts`), join(this.root, `src/node/${file}.ts`));
    }
    cpSync(join(repository, 'src/domain/shown-text.ts'), join(this.root, 'src/domain/shown-text.ts'));
    cpSync(join(repository, 'package.json'), join(this.root, 'package.json'));
    this.write('electron.vite.config.ts', '');
    this.write('node_modules/electron-vite/bin/electron-vite.js', BUILDER);
    this.write('node_modules/electron/package.json', JSON.stringify({ name: 'electron', version: '45.4.1' }));
    this.write(
      'node_modules/electron/index.js',
      `require('node:fs').writeFileSync(require('node:path').join(__dirname, '../../required'), '');`,
    );
    this.write('node_modules/electron/install.js', `console.error('install.js ran'); process.exit(1);`);
    mkdirSync(join(this.root, 'node_modules/@electron'));
    for (const name of ['open', '@electron/get'])
      symlinkSync(join(repository, 'node_modules', name), join(this.root, 'node_modules', name), 'dir');
  }

  write(file: string, text: string, mode = 0o644): void {
    const path = join(this.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  }

  has(file: string): boolean {
    return existsSync(join(this.root, file));
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  age(file: string, seconds: number): void {
    const at = Date.now() / 1000 - seconds;
    utimesSync(join(this.root, file), at, at);
  }

  /** Electron's binary where its package has it: a script of Node. */
  installElectron(script: string): void {
    this.write('node_modules/electron/path.txt', 'electron');
    this.write('node_modules/electron/dist/electron', `#!${process.execPath}\n${script}`, 0o755);
  }

  start(args: readonly string[], env: Record<string, string> = {}, stdin: 'ignore' | 'pipe' = 'ignore'): Run {
    return this.#run(spawn(process.execPath, ['src/launch/start.mjs', ...args], this.#options(env, stdin)));
  }

  /** Through the real npm, as a person types it. */
  npm(args: readonly string[], env: Record<string, string> = {}): Run {
    return this.#run(spawn('npm', args, { ...this.#options(env), shell: process.platform === 'win32' }));
  }

  /** Waits for a file that a process in the house writes. */
  async appears(file: string): Promise<void> {
    await vi.waitUntil(() => this.has(file), { timeout: 240_000, interval: 20 });
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  #options(env: Record<string, string>, stdin: 'ignore' | 'pipe' = 'ignore'): SpawnOptions {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/electron|^DISPLAY$|^WAYLAND_DISPLAY$/iu.test(name)),
    );
    // Nothing of a test ever asks the real download host.
    const defaults = { ELECTRON_MIRROR: 'http://127.0.0.1:9/', INIT_CWD: this.root };
    return { cwd: this.root, env: { ...inherited, ...defaults, ...env }, stdio: [stdin, 'pipe', 'pipe'] };
  }

  #run(child: ReturnType<typeof spawn>): Run {
    this.#children.push(child);
    return new Run(child);
  }
}

export class Run {
  readonly child: ChildProcess;
  output = '';
  readonly ended: Promise<{ code: number | null; output: string }>;

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output: this.output }));
  }

  /** Resolves once the output matches; fails with all of it when the process ends before. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const match = () => pattern.exec(this.output);
    await Promise.race([this.ended, vi.waitUntil(match, { timeout: 240_000, interval: 20 })]);
    const found = match();
    if (found === null) throw new Error(`ended before ${String(pattern)}:\n${this.output}`);
    return found;
  }
}
