import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** A small file system of one's own needs a mount namespace: root, or a system that lets users make one. */
const namespace = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
export const smallDiskPossible =
  process.platform === 'linux' && spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
if (!smallDiskPossible) console.warn('no mount namespaces here: the tests on a full disk are left out');

/** Runs a script that finds a disk of so many megabytes at `dir` (its first argument, and its folder for temporary files). */
export function runOnSmallDisk(script: string, dir: string, megabytes: number): { readonly stdout: string; readonly stderr: string } {
  const mounted = `mount -t tmpfs -o size=${megabytes}m tmpfs "$1" && TMPDIR="$1" exec "$2" "$3" "$1"`;
  return spawnSync('unshare', [...namespace, 'sh', '-c', mounted, 'sh', dir, process.execPath, script], { encoding: 'utf8' });
}
