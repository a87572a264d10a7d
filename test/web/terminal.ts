import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { expect, type Locator, type Page, test as base } from '@playwright/test';
import { FOLDER_VENUES } from '#test/support/demo-folder.ts';
import { DEMO_FOLDER } from './built.ts';

const HOST = resolve(import.meta.dirname, '../../out/main/web.js');
const STANDING = resolve(import.meta.dirname, '../support/standing-child.ts');

export interface StartOptions {
  /** Times real time; null: no demo, the venues of `env`. */
  readonly demoSpeed?: number | null;
  /** The demo's time stands where its folder ends. */
  readonly stands?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built host on a data folder. */
class Host {
  readonly dataDir: string;
  #child: ChildProcess | null = null;
  #lines: Interface | null = null;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Resolves with the address that it prints. */
  async run({ demoSpeed = 1, stands = false, env = {} }: StartOptions): Promise<string> {
    const demo = demoSpeed === null || stands ? [] : ['--demo', '--demo-speed', String(demoSpeed)];
    const child = spawn(process.execPath, [stands ? STANDING : HOST, '--data-dir', this.dataDir, ...demo], {
      env: { ...process.env, XDG_CONFIG_HOME: join(this.dataDir, 'decoy'), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.#lines = createInterface({ input: child.stdout });
    return Promise.race([
      once(this.#lines, 'line').then(([text]) => String(text)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`The host ended with ${String(code)}: ${errors}`))),
    ]);
  }

  /** What Enter prints where the app runs. */
  async newAddress(): Promise<string> {
    const [child, lines] = [this.#child, this.#lines];
    if (!child?.stdin || lines === null) throw new Error('The app does not run.');
    const line = once(lines, 'line');
    child.stdin.write('\n');
    return String((await line)[0]);
  }

  /** Ends the app the polite way and waits for it. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

/** The app as a person has it: the built host, and a page that shows it. */
export class Terminal {
  readonly page: Page;
  /** What must never be seen: policy violations, console errors, uncaught errors. */
  readonly complaints: string[] = [];
  /** While an app is stopped on purpose the browser reports its failed requests. */
  expectsBrokenConnections = false;
  readonly #host: Host;

  constructor(page: Page, host: Host) {
    this.page = page;
    this.#host = host;
  }

  get dataDir(): string {
    return this.#host.dataDir;
  }

  /** Where the app runs already, for tests that share it, its page is opened. */
  async start(options: StartOptions = {}): Promise<void> {
    const address = this.#host.isRunning ? await this.#host.newAddress() : await this.#host.run(options);
    await this.page.goto(address);
    // The page that lets the browser in makes room for the app.
    await this.page.waitForURL(`${new URL(address).origin}/`);
    this.expectsBrokenConnections = false;
  }

  newAddress(): Promise<string> {
    return this.#host.newAddress();
  }

  async stop(): Promise<void> {
    this.expectsBrokenConnections = true;
    await this.#host.stop();
  }

  get grid(): Locator {
    return this.page.getByRole('grid');
  }

  /** Rows of the watchlist in the order on the screen. */
  async ids(): Promise<(string | null)[]> {
    const rows = await this.grid.locator('[data-id]').evaluateAll((elements) =>
      elements
        .map((element) => ({ id: element.getAttribute('data-id'), index: Number(element.getAttribute('aria-rowindex')) }))
        .sort((a, b) => a.index - b.index)
        .map(({ id }) => id),
    );
    return rows;
  }

  /** Resolves once each venue that is on has its part of the list: they answer one after another, and the first asset stands on all. */
  async whole(venues = FOLDER_VENUES): Promise<void> {
    const seen = async (): Promise<number> => new Set((await this.ids()).map((id) => id?.split(':')[0])).size;
    await expect.poll(seen).toBe(venues.length);
  }

  row(id: string): Locator {
    return this.page.locator(`[data-id="${id}"]`);
  }

  cell(id: string, column: string): Locator {
    return this.row(id).locator(`[data-column="${column}"]`);
  }

  /** At its name: a figure of the row that is selected already would say where it comes from. */
  pick(id: string, options: Parameters<Locator['click']>[0] = {}): Promise<void> {
    return this.cell(id, 'asset').click(options);
  }

  get chart(): Locator {
    return this.page.getByRole('application');
  }

  async number(attribute: string): Promise<number> {
    return Number(await this.chart.getAttribute(attribute));
  }

  /** Resolves once these lists are there, in this order, and no other; what is active in one stands beside its name. */
  async lists(...names: readonly string[]): Promise<void> {
    const tabs = this.page.getByRole('tablist', { name: 'Watchlists' }).getByRole('tab');
    await expect(tabs).toHaveText(names.map((name) => new RegExp(`^\\s*${name}\\s*\\d*\\s*$`, 'u')));
  }

  async openList(name: string): Promise<void> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    await expect(this.page.getByRole('tab', { name, exact: true })).toHaveAttribute('aria-selected', 'true');
  }

  /** Resolves once the chart has drawn something of a history. */
  async drawn(): Promise<void> {
    await expect.poll(() => this.number('data-bars')).toBeGreaterThan(20);
  }

  /** Pixels of the chart's canvas that are not transparent. */
  inked(): Promise<number> {
    return this.page
      .locator('.canvas canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
        let count = 0;
        for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) count += 1;
        return count;
      });
  }
}

/** Records on `terminal.complaints` what a page should never say. */
async function listen(terminal: Terminal): Promise<void> {
  const { page, complaints } = terminal;
  await page.exposeFunction('perpscopeTestViolation', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      const tell = Reflect.get(window, 'perpscopeTestViolation') as (text: string) => void;
      tell(`CSP ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
  });
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (terminal.expectsBrokenConnections && message.text().includes('net::ERR_')) return;
    complaints.push(`console ${message.text()}`);
  });
}

export interface Begin {
  /** What the app finds: the whole history of a few venues' demo market, as after some use, or an empty folder as at a first start. */
  history: 'whole' | 'none';
  /** Whose the app is: the test's own, or that of the file's tests that bear what those before them left. */
  app: 'own' | 'shared';
}

async function newHost(history: Begin['history']): Promise<Host> {
  const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-web-'));
  if (history === 'whole') await cp(process.env[DEMO_FOLDER] ?? '', dataDir, { recursive: true });
  return new Host(dataDir);
}
async function end(host: Host): Promise<void> {
  await host.stop();
  await rm(host.dataDir, { recursive: true, force: true });
}

/** The app that the tests of a file share. */
interface Shared {
  of(file: string): Promise<Host>;
}

export const test = base.extend<{ terminal: Terminal } & Begin, { shared: Shared }>({
  history: ['whole', { option: true }],
  app: ['own', { option: true }],
  shared: [
    // Playwright reads from the first parameter what a fixture needs: nothing.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const hosts: { readonly file: string; readonly host: Host }[] = [];
      await use({
        async of(file) {
          const last = hosts.at(-1);
          if (last?.file === file) return last.host;
          if (last !== undefined) await end(last.host);
          const host = await newHost('whole');
          hosts.push({ file, host });
          return host;
        },
      });
      for (const { host } of hosts.slice(-1)) await end(host);
    },
    { scope: 'worker' },
  ],
  terminal: async ({ page, history, app, shared }, use, { file }) => {
    const host = app === 'shared' ? await shared.of(file) : await newHost(history);
    const terminal = new Terminal(page, host);
    await listen(terminal);
    try {
      await use(terminal);
      expect(terminal.complaints).toEqual([]);
    } finally {
      if (app === 'own') await end(host);
    }
  },
});

export { expect };
