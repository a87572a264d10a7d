import { spawn } from 'node:child_process';
import { statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'electron.vite.config.ts', 'package.json'];
const OUTPUTS = ['out/main/index.js', 'out/main/web.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/** True when every output is there and none is older than the newest source. */
export function isBuilt(root: string): boolean {
  const newestSource = Math.max(...SOURCES.map((source) => newest(join(root, source))));
  return OUTPUTS.every((output) => {
    const stat = statSync(join(root, output), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs >= newestSource;
  });
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of a file that was taken away.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds all bundles; throws with the end of the builder's output where it fails. */
export async function build(root: string, signal: AbortSignal): Promise<void> {
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [builder, 'build'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The build failed.\n${output.trim()}`);
}
