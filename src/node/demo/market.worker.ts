import { parentPort, workerData } from 'node:worker_threads';
import type { LogEntry, MarketStart } from './start-market.ts';
import { createClock } from '../clock.ts';
import { startDemoMarket } from './market.ts';

if (parentPort) {
  const port = parentPort;
  const { seed, ...clock } = workerData as MarketStart;
  const write = (...entry: LogEntry): void => port.postMessage({ entry });
  const { urls } = await startDemoMarket({ clock: createClock(clock), seed, log: { write } });
  port.postMessage({ urls });
}
