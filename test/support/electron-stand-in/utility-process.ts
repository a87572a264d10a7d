import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';

interface ForkOptions {
  readonly serviceName?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly stdio?: 'ignore';
}

/** A child of Node that has `process.parentPort`, as a utility process has (`parent-port.ts`). */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(file: string, args: readonly string[], { env, execArgv = [] }: ForkOptions) {
    super();
    this.#child = fork(file, args, {
      ...(env && { env }),
      execArgv: [...execArgv, '--import', fileURLToPath(new URL('./parent-port.ts', import.meta.url))],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.on('spawn', () => this.emit('spawn'));
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code) => this.emit('exit', code ?? 0));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork: (file: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess => new UtilityProcess(file, args, options),
};
