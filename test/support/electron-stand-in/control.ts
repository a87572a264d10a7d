import { runInThisContext } from 'node:vm';
import { openBrowser } from './browser.ts';
import { settleOpenings } from './browser-window.ts';
import electron from './electron.ts';

export interface Command {
  readonly id: number;
  /** Source of a function of (electron, arg); or a question of the driver's own. */
  readonly run: string | { readonly ask: 'browser' | 'settle' };
  readonly arg: unknown;
}
export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** Answers the driver's questions over the channel of the child process. */
export function takeCommands(): void {
  process.on('message', (command: Command) => {
    answer(command).then(
      (value) => process.send?.({ id: command.id, value } satisfies Reply),
      (error: unknown) =>
        process.send?.({ id: command.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Reply),
    );
  });
  // The channel must not be what keeps the app alive.
  process.channel?.unref();
}

async function answer({ run, arg }: Command): Promise<unknown> {
  if (typeof run === 'string') {
    const fn = runInThisContext(`(${run})`) as (module: typeof electron, arg: unknown) => unknown;
    return fn(electron, arg);
  }
  if (run.ask === 'settle') {
    await settleOpenings();
    return null;
  }
  return (await openBrowser()).endpoint;
}
