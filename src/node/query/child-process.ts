/// <reference types="electron-vite/node" />
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { QueryProcess, QueryReport } from './protocol.ts';

/** The file of the process: bundled it is one of its own, from source Node runs the TypeScript. */
export async function queryChildFile(): Promise<string> {
  if (import.meta.url.endsWith('.ts')) return fileURLToPath(new URL('./query.child.ts', import.meta.url));
  const { default: path } = await import('./query.child.ts?modulePath');
  return path;
}

/** What a child needs of the environment: where temporary files go, and what Windows asks of every program. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );

/** A query process as a child of Node, for shells that run on it. */
export async function startQueryChild(): Promise<QueryProcess> {
  const child = fork(await queryChildFile(), {
    env: inherited(),
    execArgv: ['--max-old-space-size=512'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  let report: QueryReport | null = null;
  child.once('message', (said) => {
    report = said as QueryReport;
  });
  // Without a listener of its own a failure to start would be thrown; `exit` or `close` follows in either case.
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
  });
  return {
    tell: (order) => void child.send(order),
    onEnd: (listener) =>
      void ended.then(() => {
        listener(report);
      }),
    kill: () => void child.kill('SIGKILL'),
  };
}
