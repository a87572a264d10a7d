import { newInstrument } from '#domain/instrument.ts';
import { chmodSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SqliteHistory } from '#node/history/sqlite-history.ts';

/** Opens the file that it is given from a folder that it may only read, and prints what it sees. */
const file = process.argv[2] ?? '';
const NOBODY = 65534;
chmodSync(file, 0o444);
chmodSync(dirname(file), 0o555);
if (process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

const store = new SqliteHistory({ file, kind: 'live', log: { write: () => undefined }, now: () => Number.MAX_SAFE_INTEGER });
const BTC = 'binance:BTC';
const seen = {
  settled: store.settled(BTC, 0, Infinity).key.length,
  hours: store.hours(BTC, 0, Infinity).close.length,
  latest: 0,
  notices: store.status().notices,
};
store.recordPoll({
  venue: 'binance',
  observedAt: Date.now(),
  pollMs: 1000,
  instruments: [newInstrument({ venue: 'binance', symbol: 'N', asset: 'N', quote: 'U', settle: 'U' })],
  snapshots: [
    {
      symbol: 'N',
      rate: 0,
      intervalH: 1,
      nextFundingAt: null,
      mark: null,
      index: null,
      openInterest: null,
      volume24h: null,
      interestPer8h: null,
    },
  ],
  watched: new Set(),
});
seen.latest = store.latest().length;
store.close();
chmodBack();
writeSync(1, JSON.stringify(seen));

function chmodBack(): void {
  if (process.getuid?.() === NOBODY) return;
  chmodSync(dirname(file), 0o755);
}
