import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { historyAsOf } from '#core/read/history-as-of.ts';
import { type Instrument, newInstrument } from '#domain/instrument.ts';
import { openHistory } from '#node/history/open.ts';

const T0 = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'perpscope-identity-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an instrument is what it was taken for then, and its interest is that of then', async () => {
  const store = await openHistory({ file: join(folder, 'history.sqlite'), demo: false, log: { write: () => undefined }, now: () => T0 });
  const first = newInstrument({ venue: 'alpha', symbol: 'PEPE', asset: 'PEPE', quote: 'USDT', settle: 'USDT' });
  const later: Instrument = {
    ...first,
    quote: 'USD',
    settle: 'PEPE',
    contract: 'inverse',
    multiplier: 1000,
    contractSize: 100,
    assetClass: 'crypto',
  };
  const { id, symbol } = first;
  for (const [i, instrument] of [first, later].entries()) {
    const observedAt = T0 + i * HOUR;
    const values = { intervalH: 8, nextFundingAt: null, mark: 1, index: 1, openInterest: null, volume24h: null };
    const snapshots = [{ symbol, rate: 1e-4, interestPer8h: (i + 1) / 1e4, ...values }];
    await store.recordPoll({ venue: 'alpha', observedAt, pollMs: 30_000, instruments: [instrument], snapshots, watched: new Set() });
  }
  const then = (asOf: number | null) => historyAsOf(store, asOf);
  expect(await then(T0 - 1).instrument(id)).toBeNull();
  expect(await then(T0 - 1).framed(id, null)).toBeNull();
  expect(await then(T0 + HOUR - 1).instrument(id)).toEqual(first);
  expect(await then(T0 + HOUR).instrument(id)).toEqual(later);
  expect(await then(null).instrument(id)).toEqual(later);
  expect(await then(T0 + HOUR - 1).framed(id, null)).toMatchObject({
    multiplier: 1,
    money: 'USDT',
    contract: 'linear',
    interestPer8h: 1e-4,
  });
  expect(await then(T0 + HOUR).framed(id, null)).toMatchObject({
    multiplier: 1000,
    money: 'USD',
    contract: 'inverse',
    interestPer8h: 2e-4,
  });
  await store.close();
});
