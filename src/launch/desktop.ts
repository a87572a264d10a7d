import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The desktop shell prints this line on stdout once its window shows the page. */
const READY_LINE = 'perpscope: window ready';
/** The app's own lines; the rest of stdout is Chromium's. */
const OWN_PREFIX = 'perpscope: ';

const READY_MS = 90_000;
/** The shell gives itself 8 s to flush. */
const KILL_AFTER_MS = 9_000;

export interface Desktop {
  /** 'ready' once the window shows; 'handed over' where a running instance took it; else why there is no window. */
  readonly started: Promise<{ ready: true } | { ready: false; handedOver: boolean; why: string }>;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>;
  /** Asks it to end and sees to it. */
  stop(): Promise<void>;
}

/** Starts Electron on the built app. The IPC channel is its life line: it ends by itself when this process is gone. */
export function startDesktop(binary: string, root: string, args: readonly string[], readyMs = READY_MS): Desktop {
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = spawn(binary, [root, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  let ready = false;
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (ready) process.stderr.write(chunk);
    else words = (words + chunk.toString()).slice(-8000);
  });

  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    // Not 'close': that one never comes after a disconnect() of ours.
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const started = new Promise<Awaited<Desktop['started']>>((resolve) => {
    const late = setTimeout(() => {
      resolve({ ready: false, handedOver: false, why: `its window did not show within ${readyMs / 1000} s` });
      child.kill('SIGKILL');
    }, readyMs);
    const settle = (outcome: Awaited<Desktop['started']>): void => {
      clearTimeout(late);
      resolve(outcome);
    };
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.trim() === READY_LINE) {
          ready = true;
          settle({ ready: true });
        } else if (line.startsWith(OWN_PREFIX)) {
          process.stdout.write(`${line}\n`);
        }
      });
    }
    child.once('error', (error) => settle({ ready: false, handedOver: false, why: error.message }));
    child.once('close', (code, signal) => {
      settle({ ready: false, handedOver: code === 0, why: reasonOf(words, code, signal) });
    });
  });
  return { started, ended, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // The end of the channel asks it to quit where there are no signals (Windows: kill() would end it unflushed).
  if (child.connected) child.disconnect();
  if (process.platform !== 'win32') child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(late);
}

/** What Electron and the system's loader say, in one line a person can act on. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/running as root without --no-sandbox/iu, 'it does not run as root'],
  [/missing x server|cannot open display|unable to open x display|failed to connect to wayland/iu, 'there is no display'],
  [/sandbox|setuid|user namespace/iu, 'the system refuses its sandbox'],
];

function reasonOf(words: string, code: number | null, signal: NodeJS.Signals | null): string {
  const library = /error while loading shared libraries: (\S+?):/u.exec(words)?.[1];
  if (library !== undefined) return `the system lacks ${library}`;
  const known = KNOWN.find(([pattern]) => pattern.test(words));
  if (known !== undefined) return known[1];
  const own = words.split('\n').findLast((line) => line.startsWith(OWN_PREFIX));
  if (own !== undefined) return own.slice(OWN_PREFIX.length);
  return signal === null ? `it ended with code ${code}` : `it ended by ${signal}`;
}
