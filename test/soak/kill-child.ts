import { newInstrument } from '#domain/instrument.ts';
import { writeSync } from 'node:fs';
import type { Snapshot } from '#core/venue.ts';
import { openHistory } from '#node/history/open.ts';
import { acquireLock } from '#node/lock.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { openPerson } from '#node/person/open-person.ts';

/**
 * Records scenarios, polls, settlements and upkeep through the real worker until it is killed; says each poll's number once it was
 * acknowledged. The numbers go on from what the file holds, ten minutes apart, so that hours close and rows move.
 */
const [dir = '', size = '0', start = '0'] = process.argv.slice(2);
const instruments = Array.from({ length: Number(size) }, (_, i) =>
  newInstrument({ venue: 'binance', symbol: `S${i}`, asset: `S${i}`, quote: 'USDT', settle: 'USDT' }),
);
const watched = new Set(instruments.map(({ id }) => id));
const STEP_MS = 600_000;
const T0 = Number(start);

acquireLock(dir, { shell: 'browser', version: 'soak' });
let now = T0;
const store = await openHistory({ file: `${dir}/history.sqlite`, demo: false, log: { write: () => undefined }, now: () => now });
const person = await openPerson({
  file: `${dir}/person.sqlite`,
  demo: false,
  log: { write: () => undefined },
  now: () => now,
  defaults: defaultSettings([]),
  outgrown: null,
  history: `${dir}/history.sqlite`,
});
const [latest] = await store.latest();
for (let n = latest ? (latest.observedAt - T0) / STEP_MS + 1 : 1; ; n++) {
  now = T0 + n * STEP_MS;
  const snapshots = instruments.map(({ symbol }): Snapshot => ({
    symbol,
    rate: n / 1e6,
    intervalH: 8,
    nextFundingAt: null,
    mark: 100,
    index: 100,
    openInterest: n,
    volume24h: n,
    interestPer8h: null,
  }));
  await person.recordScenario(`s${n % 5}`, { savedAt: now, body: JSON.stringify({ n }) });
  if (n % 5 === 4) await person.recordScenario('s0', null);
  await store.recordPoll({ venue: 'binance', observedAt: now, pollMs: STEP_MS, instruments, snapshots, watched });
  writeSync(1, `${n}\n`);
  if (n % 6 === 0)
    await store.recordSettled('binance:S0', [{ stamp: now, rate: n / 1e6, intervalH: null, mark: null, premium: null }], now, {
      from: now - 6 * STEP_MS,
      to: now,
    });
  if (n % 20 === 0) await store.maintain(now);
}
