import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A running process as the system tells it; `started` tells it from a later one with the same id. */
interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly started: string | null;
}

const POLL_MS = 500;
const MAX_LEVELS = 8;
/** npm renames its process to "npm start"; the others show their script. */
const RUNNER = /(?:^|[/\\\s])(?:npm|npx|pnpm|yarn|bun)(?:-cli)?(?:\.c?js)?(?:\s|$)/u;

/**
 * Calls `onGone` once when the package manager that started this process, or a shell between the two, is gone: killed, they
 * leave their children running. Started by anything else, it watches nothing. Returns the stop.
 */
export function watchRunner(onGone: () => void, env: Readonly<Record<string, string | undefined>> = process.env): () => void {
  if (env['npm_lifecycle_event'] === undefined && env['npm_execpath'] === undefined) return () => {};
  const watched = ancestorsToRunner();
  const timer = setInterval(() => {
    if (watched.every(isRunning)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  // The watch alone keeps no process alive.
  timer.unref();
  return () => clearInterval(timer);
}

/** From the parent up to the package manager; only the parent where none is found above it. */
function ancestorsToRunner(): ProcessInfo[] {
  const chain: ProcessInfo[] = [];
  for (let pid = process.ppid; pid > 1 && chain.length < MAX_LEVELS;) {
    const info = processInfo(pid);
    if (info === null) break;
    chain.push(info);
    if (RUNNER.test(info.command)) return chain;
    pid = info.parent;
  }
  return chain.slice(0, 1);
}

function isRunning({ pid, started }: ProcessInfo): boolean {
  if (process.platform === 'linux') {
    const stat = linuxStat(pid);
    // A zombie is dead already and only waits to be read.
    return stat !== null && stat.state !== 'Z' && stat.started === started;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function processInfo(pid: number): ProcessInfo | null {
  if (process.platform === 'linux') {
    const stat = linuxStat(pid);
    const command = readIfThere(`/proc/${pid}/cmdline`);
    return stat === null || command === null
      ? null
      : { pid, parent: stat.parent, command: command.replaceAll('\0', ' '), started: stat.started };
  }
  // Windows tells a process's ancestors only through slow tools: there the parent alone is watched.
  if (process.platform === 'win32') return { pid, parent: 0, command: '', started: null };
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 }).trim();
    const [, parent, command] = /^(\d+)\s+(.*)$/su.exec(line) ?? [];
    return parent === undefined || command === undefined ? null : { pid, parent: Number(parent), command, started: null };
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

function linuxStat(pid: number): { state: string; parent: number; started: string } | null {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === null) return null;
  // pid (name, which may hold anything) state parent … and the start time as the 22nd field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
