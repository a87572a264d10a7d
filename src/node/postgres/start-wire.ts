/// <reference types="electron-vite/node" />
import { MessageChannel, type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads';
import type { Target, WireStart } from './wire.ts';

export interface Wire {
  readonly port: MessagePort;
  readonly signal: SharedArrayBuffer;
}

/** A connection's thread, and the way to it. */
export function wireOf(target: Target, create: (options: WorkerOptions) => Worker): Wire {
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const workerData: WireStart = { port: port2, signal, target };
  create({ workerData, transferList: [port2], name: 'postgres' }).unref();
  return { port: port1, signal };
}

/** The thread is a file of its own in the bundle, the source itself under Node (see history/start-worker.ts). */
export async function startWire(target: Target): Promise<Wire> {
  if (import.meta.url.endsWith('.ts')) {
    const source = './wire.worker.ts';
    return wireOf(target, (options) => new Worker(new URL(source, import.meta.url), options));
  }
  const { default: create } = await import('./wire.worker.ts?nodeWorker');
  return wireOf(target, create);
}
