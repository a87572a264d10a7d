import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_SEED } from '#node/open-app.ts';
import { openCollector } from '#node/open-collector.ts';
import { createBybit } from '#node/venues/bybit/linear.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-open-collector-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test.each([
  ['in the demo', { demo: { speed: 3600, seed: DEMO_SEED }, env: {} }],
  ['in a test', { demo: null, env: { PERPSCOPE_LOOPBACK_ONLY: '1' } }],
])('%s a collector does not ask an exchange without an address on this machine', async (_, options) => {
  const planted = { ...createBybit(), id: 'planted', name: 'Planted', url: 'https://192.0.2.7' };
  const collector = await openCollector({
    ...options,
    dataDir: dir,
    version: '0.0.0',
    venues: [planted],
    only: ['planted'],
    choose: () => new Set(['planted:BTCUSDT']),
  });
  try {
    await collector.start();
    const health = () => collector.collect.health().find(({ id }) => id === 'planted');
    await vi.waitUntil(() => health()?.error, { timeout: 240_000, interval: 20 });
    expect(health()).toMatchObject({
      state: 'blocked',
      error: 'Planted was not asked: its address lies outside this machine, which the demo never leaves.',
    });
  } finally {
    await collector.close();
  }
});
