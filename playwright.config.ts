import { defineConfig } from '@playwright/test';
import { chromiumArgs, requireChromium } from './test/support/chromium.ts';

// For every app that a spec starts.
process.env['PERPSCOPE_LOOPBACK_ONLY'] = '1';

/** The built app on the loopback host, in a real Chromium, on data folders that begin as copies of one that the app itself filled. */
export default defineConfig({
  testDir: 'test/web',
  testMatch: '**/*.spec.ts',
  globalSetup: './test/web/built.ts',
  // An app, a market and a browser each, and the unit tests beside it (test/run.ts).
  workers: 1,
  // Of what hangs, not of what is slow.
  timeout: 900_000,
  expect: { timeout: 240_000 },
  reporter: 'line',
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: requireChromium(), args: chromiumArgs },
    trace: 'off',
  },
});
