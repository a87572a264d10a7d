/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { ClockOptions } from '../clock.ts';
import type { DemoMarket } from './market.ts';

export type MarketStart = Required<ClockOptions> & { readonly seed: number };
export type LogEntry = Parameters<Log['write']>;
type FromMarket = { readonly urls: DemoMarket['urls'] } | { readonly entry: LogEntry };

async function startWorker(start: MarketStart): Promise<Worker> {
  const options = { workerData: start, name: 'demo market', resourceLimits: { maxYoungGenerationSizeMb: 12 } };
  if (import.meta.url.endsWith('.ts')) {
    const source = './market.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./market.worker.ts?nodeWorker');
  return create(options);
}

/**
 * The demo market beside the app, as the exchanges are beside it: in a thread of its own, whose time is the clock's. Rejects where it
 * cannot begin.
 */
export async function startMarketBeside({ clock, seed, log }: { clock: Clock; seed: number; log: Log }): Promise<DemoMarket> {
  const worker = await startWorker({ seed, speed: clock.speed, startAt: clock.now(), originNs: process.hrtime.bigint() });
  let ending = false;
  const urls = await new Promise<DemoMarket['urls']>((resolve, reject) => {
    worker.on('message', (message: FromMarket) => {
      if ('urls' in message) resolve(message.urls);
      else log.write(...message.entry);
    });
    worker.on('error', (error: Error) => {
      log.write('error', 'demo', 'the demo market ended', { error: error.message });
      reject(error);
    });
    worker.on('exit', (code) => {
      if (!ending) reject(new Error(`The demo market ended with ${code}.`));
    });
  });
  return {
    urls,
    close: async () => {
      ending = true;
      await worker.terminate();
    },
  };
}
