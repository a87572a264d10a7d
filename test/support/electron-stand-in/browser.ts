import { chromium, type BrowserContext } from 'playwright-core';
import { chromiumArgs, requireChromium } from '../chromium.ts';

export interface Browser {
  readonly context: BrowserContext;
  /** Where a spec gets the very same pages. Not over CDP: two clients of that at once crash Chromium on window.open. */
  readonly endpoint: string;
}

let opened: Promise<Browser> | null = null;

/** One Chromium per process, started with the first window; it dies with the process. */
export function openBrowser(): Promise<Browser> {
  return (opened ??= open());
}

async function open(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: [...chromiumArgs],
    // The shell's own handlers decide what a signal does.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const context = await browser.newContext({ viewport: null });
  const { endpoint } = await browser.bind('stand-in', { host: '127.0.0.1', port: 0 });
  return { context, endpoint };
}
