import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface InstallLimits {
  readonly totalMs: number;
  /** Longest time without a single new byte on the disk. */
  readonly silentMs: number;
}

const LIMITS: InstallLimits = { totalMs: 10 * 60_000, silentMs: 30_000 };
const WATCH_MS = 500;

/**
 * Runs electron/install.js and tells the bytes so far. They are counted where they arrive: the child gets a temporary
 * folder of its own, into which @electron/get downloads, and unpacks into electron/dist. null when done, else why not.
 */
export async function installElectron(
  root: string,
  tell: (bytes: number) => void,
  signal: AbortSignal,
  limits: InstallLimits = LIMITS,
): Promise<string | null> {
  const folder = join(root, 'node_modules/electron');
  const temporary = mkdtempSync(join(tmpdir(), 'perpscope-electron-'));
  const child = spawn(process.execPath, [join(folder, 'install.js')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' },
    signal,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const startedAt = performance.now();
  let bytes = 0;
  let grownAt = startedAt;
  const stopped: { why: string | null } = { why: null };
  const watch = setInterval(() => {
    const seen = sizeOf(temporary) + sizeOf(join(folder, 'dist'));
    const now = performance.now();
    if (seen !== bytes) {
      bytes = seen;
      grownAt = now;
      tell(bytes);
    }
    if (now - startedAt > limits.totalMs) stopped.why = `the download took longer than ${minutes(limits.totalMs)}`;
    else if (now - grownAt > limits.silentMs) stopped.why = `the download stood still for ${limits.silentMs / 1000} s`;
    if (stopped.why !== null) child.kill('SIGKILL');
  }, WATCH_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return stopped.why ?? (code === 0 ? null : `its download failed: ${firstError(output)}`);
  } finally {
    clearInterval(watch);
    rmSync(temporary, { recursive: true, force: true });
  }
}

const minutes = (ms: number): string => `${ms / 60_000} min`;

/** The line that says what happened, without the stack below it. */
function firstError(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => /error/iu.test(line)) ?? lines.find((line) => line !== '') ?? 'it gave no reason';
}

/** Bytes of all files below; what vanishes meanwhile counts nothing. */
function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return stat.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
