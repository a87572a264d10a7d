import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { chromiumArgs, requireChromium } from '../chromium.ts';

export interface Browser {
  readonly context: BrowserContext;
  /** Where a spec connects to the very same pages. */
  readonly debugUrl: string;
}

let opened: Promise<Browser> | null = null;

/** One Chromium per process, started with the first window; it dies with the process. */
export function openBrowser(): Promise<Browser> {
  return (opened ??= open());
}

export const openedBrowser = (): Promise<Browser> | null => opened;

async function open(): Promise<Browser> {
  const profile = process.env['STAND_IN_PROFILE'] ?? (await mkdtemp(join(tmpdir(), 'stand-in-')));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
    args: [...chromiumArgs, '--remote-debugging-port=0'],
    viewport: null,
    // The shell's own handlers decide what a signal does.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  return { context, debugUrl: `http://127.0.0.1:${port}` };
}
