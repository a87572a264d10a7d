import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { expect, type Locator, type Page, test as base } from '@playwright/test';
import { venuesOn } from '#test/support/demo-url.ts';
import { DEMO_FOLDER } from './built.ts';

const HOST = resolve(import.meta.dirname, '../../out/main/web.js');

export interface StartOptions {
  /** Times real time; null: no demo, the venues of `env`. */
  readonly demoSpeed?: number | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** The app as a person has it: the built host on a data folder of the test's own, and a page that shows it. */
export class Terminal {
  readonly page: Page;
  readonly dataDir: string;
  /** What must never be seen: policy violations, console errors, uncaught errors. */
  readonly complaints: string[] = [];
  /** While an app is stopped on purpose the browser reports its failed requests. */
  expectsBrokenConnections = false;
  #child: ChildProcess | null = null;
  #lines: Interface | null = null;

  constructor(page: Page, dataDir: string) {
    this.page = page;
    this.dataDir = dataDir;
  }

  async start({ demoSpeed = 1, env = {} }: StartOptions = {}): Promise<void> {
    const demo = demoSpeed === null ? [] : ['--demo', '--demo-speed', String(demoSpeed)];
    const child = spawn(process.execPath, [HOST, '--data-dir', this.dataDir, ...demo], {
      env: { ...process.env, XDG_CONFIG_HOME: join(this.dataDir, 'decoy'), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.#lines = createInterface({ input: child.stdout });
    const line = await Promise.race([
      once(this.#lines, 'line').then(([text]) => String(text)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`The host ended with ${String(code)}: ${errors}`))),
    ]);
    await this.page.goto(line);
    // The page that lets the browser in makes room for the app.
    await this.page.waitForURL(`${new URL(line).origin}/`);
    this.expectsBrokenConnections = false;
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
    if (child === null || child.exitCode !== null) return;
    this.expectsBrokenConnections = true;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    this.#child = null;
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

  /** Resolves once each venue of the demo has its part of the list: they answer one after another, and the first asset stands on all. */
  async whole(): Promise<void> {
    const seen = async (): Promise<number> => new Set((await this.ids()).map((id) => id?.split(':')[0])).size;
    await expect.poll(seen).toBe(venuesOn().length);
  }

  row(id: string): Locator {
    return this.page.locator(`[data-id="${id}"]`);
  }

  cell(id: string, column: string): Locator {
    return this.row(id).locator(`[data-column="${column}"]`);
  }

  get chart(): Locator {
    return this.page.getByRole('application');
  }

  async number(attribute: string): Promise<number> {
    return Number(await this.chart.getAttribute(attribute));
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
  /** What the app finds: the whole history of the demo market, as after an hour of use, or an empty folder as at a first start. */
  history: 'whole' | 'none';
}

export const test = base.extend<{ terminal: Terminal } & Begin>({
  history: ['whole', { option: true }],
  terminal: async ({ page, history }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-web-'));
    if (history === 'whole') await cp(process.env[DEMO_FOLDER] ?? '', dataDir, { recursive: true });
    const terminal = new Terminal(page, dataDir);
    await listen(terminal);
    try {
      await use(terminal);
      expect(terminal.complaints).toEqual([]);
    } finally {
      await terminal.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
});

export { expect };
