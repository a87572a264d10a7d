import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MOST_SETUP_CHARS, SETUP_ENDING } from '#bridge/setup-file.ts';
import type { HandedFile } from '#core/ports/files-in.ts';
import { shownName } from '#domain/shown-text.ts';

/** No character takes more bytes. */
const MOST_BYTES = 4 * MOST_SETUP_CHARS;

/** The files of setups that a command line names, as paths or, as desktops of Linux hand them over, as URLs of this computer. */
export function setupPathsIn(args: readonly string[], cwd: string): string[] {
  return args.flatMap((arg) => {
    if (arg.startsWith('-') || !arg.toLowerCase().endsWith(`.${SETUP_ENDING}`)) return [];
    if (!/^[a-z][a-z0-9+.-]+:/iu.test(arg)) return [resolve(cwd, arg)];
    const url = URL.parse(arg);
    // `C:\...` has a letter alone before its colon; of other computers nothing is read.
    if (url?.protocol !== 'file:' || url.host !== '') return [];
    try {
      return [fileURLToPath(url)];
    } catch (error) {
      // A slash written as %2F is no part of a name.
      if (error instanceof TypeError) return [];
      throw error;
    }
  });
}

async function read(path: string): Promise<HandedFile> {
  const name = basename(path).slice(0, 255);
  const cannot = (why: string): HandedFile => ({ name, text: null, wrong: `${shownName(name)} ${why}` });
  try {
    const found = await stat(path);
    if (!found.isFile()) return cannot('is no file.');
    if (found.size > MOST_BYTES) return cannot('is too large for a file of a setup.');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return text.length > MOST_SETUP_CHARS ? cannot('is too large for a file of a setup.') : { name, text, wrong: null };
  } catch (error) {
    if (error instanceof TypeError) return cannot('is no text, so it is no file of a setup.');
    if (error instanceof Error && 'code' in error) return cannot('cannot be read.');
    throw error;
  }
}

export interface HandedFiles {
  /** Of several the last one is shown. */
  hand(paths: readonly string[]): void;
  /** The one that waits to be shown, once. */
  take(): Promise<HandedFile | null>;
  onHanded(listener: () => void): void;
}

/** Files that the system hands to the app: by a double click at its start, or while it runs. Nothing is taken of one before the person has looked at it. */
export function createHandedFiles(): HandedFiles {
  let waiting: string | null = null;
  let told: () => void = () => undefined;
  return {
    hand(paths) {
      const path = paths.at(-1);
      if (path === undefined) return;
      waiting = path;
      told();
    },
    async take() {
      const path = waiting;
      waiting = null;
      return path === null ? null : read(path);
    },
    onHanded(listener) {
      told = listener;
    },
  };
}
