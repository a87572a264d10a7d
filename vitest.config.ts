import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,arch,desktop,build}/**/*.test.ts'],
    pool: 'forks',
    // A core stays free otherwise: of two that is half of the time.
    maxWorkers: '100%',
    // For every app that a test starts, in this process or as its child.
    env: { PERPSCOPE_LOOPBACK_ONLY: '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
