import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What Perpscope itself keeps in a data folder, whatever stands behind the first word: copies, companions, what was set aside. */
const OWN =
  /^(?:history|demo|person|person-lock|teller-lock|lock|settings|workspaces|limits|checks|proxy-passwords|webhook-secret|restore|updates|logs|backups|imports)(?:[.-]|$)/u;
/** The folder that both shells take by themselves; what else lies in it is Chromium's. */
const OWN_FOLDER = 'Perpscope';

/**
 * Makes what a data folder holds this user's alone: files 0600 in folders 0700, also those that an older version wrote, and what is
 * made from now on. A folder that a person chose and that holds other things too keeps its own rights. Who may only read it changes nothing.
 */
export function keepPrivate(dataDir: string): void {
  if (process.platform === 'win32') return;
  process.umask(0o077);
  const names = namesIn(dataDir);
  if (basename(dataDir) === OWN_FOLDER || names.every((name) => OWN.test(name))) restrict(dataDir, 0o700);
  for (const name of names) if (OWN.test(name)) restrictAll(join(dataDir, name));
}

function restrictAll(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) {
    restrict(path, 0o700);
    for (const name of namesIn(path)) restrictAll(join(path, name));
  } else if (stat?.isFile() === true) {
    restrict(path, 0o600);
  }
}

function restrict(path: string, mode: number): void {
  unlessNotMine(() => {
    if (((lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0) chmodSync(path, mode);
  }, undefined);
}

const namesIn = (folder: string): string[] => unlessNotMine(() => readdirSync(folder), []);

/** A folder of another user, on a disk that may only be read, or gone meanwhile: its rights are not ours to change. */
function unlessNotMine<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EACCES', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS', 'ENOTSUP'].includes(code)) throw error;
    return otherwise;
  }
}
