import { queryChildFile } from '#node/query/child-process.ts';
import type { QueryProcess, QueryReport } from '#node/query/protocol.ts';
import { utilityProcess } from 'electron';

/** A query process as one of Electron's: its own programs start no others that run Node (fuse RunAsNode). */
export async function startQueryUtility(): Promise<QueryProcess> {
  const child = utilityProcess.fork(await queryChildFile(), [], {
    serviceName: 'Perpscope question',
    env: {},
    execArgv: ['--max-old-space-size=512'],
    stdio: 'ignore',
  });
  let report: QueryReport | null = null;
  child.once('message', (said) => {
    report = said as QueryReport;
    // It has said all that it will.
    child.kill();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  return {
    tell: (order) => {
      child.postMessage(order);
    },
    onEnd: (listener) =>
      void ended.then(() => {
        listener(report);
      }),
    kill() {
      // A question that SQLite is at hears no polite signal.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
}
