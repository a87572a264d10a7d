/**
 * What each fuse of Electron is, and a look at the ones of a binary: `npm run fuses -- <binary>` says what stands there and fails where
 * it is another than decided. Without a binary it says that nothing was seen.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration } from 'electron-builder';

type FuseOptionsV1 = NonNullable<Configuration['electronFuses']>;

interface Fuse {
  /** electron-builder's name; null: it sets all but this one, which is left as Electron ships it. */
  readonly option: keyof FuseOptionsV1 | null;
  readonly on: boolean;
  readonly why: string;
}

/** In the order of Electron's fuse wire (`build/fuses/fuses.json5`): 9 of 9 are decided, and a tenth fails the look. */
export const fuses: Readonly<Record<string, Fuse>> = {
  RunAsNode: { option: 'runAsNode', on: false, why: 'the binary of a terminal runs no scripts; questions in SQL run in a utility process' },
  EnableCookieEncryption: { option: 'enableCookieEncryption', on: false, why: 'no cookie is kept: the page’s session lies in memory' },
  EnableNodeOptionsEnvironmentVariable: {
    option: 'enableNodeOptionsEnvironmentVariable',
    on: false,
    why: 'an environment variable loads no code into it',
  },
  EnableNodeCliInspectArguments: {
    option: 'enableNodeCliInspectArguments',
    on: false,
    why: 'no debugger is attached from outside; on in the twin, which Playwright starts by it',
  },
  EnableEmbeddedAsarIntegrityValidation: {
    option: 'enableEmbeddedAsarIntegrityValidation',
    on: true,
    why: 'a changed archive does not start (macOS and Windows)',
  },
  OnlyLoadAppFromAsar: { option: 'onlyLoadAppFromAsar', on: true, why: 'a folder beside the archive is no way around its hash' },
  LoadBrowserProcessSpecificV8Snapshot: {
    option: 'loadBrowserProcessSpecificV8Snapshot',
    on: false,
    why: 'it ships no snapshot, and does not start with this on',
  },
  GrantFileProtocolExtraPrivileges: {
    option: 'grantFileProtocolExtraPrivileges',
    on: false,
    why: 'the page is served from app://, never from file://',
  },
  WasmTrapHandlers: { option: null, on: true, why: 'Electron’s default; WebAssembly is quicker with it' },
};

/** The twin that the end-to-end tests start is the released app but for the fuse by which they attach. */
export const E2E_TWIN = 'PERPSCOPE_E2E_TWIN';
const isOn = (name: string, { on }: Fuse, twin: boolean): boolean => on || (twin && name === 'EnableNodeCliInspectArguments');

export const fuseOptions = (twin: boolean): FuseOptionsV1 =>
  Object.fromEntries(
    Object.entries(fuses).flatMap(([name, fuse]) => (fuse.option === null ? [] : [[fuse.option, isOn(name, fuse, twin)]])),
  );

/** What marks the wire in the binary (`@electron/fuses`); then its version, its length and a digit for each fuse. */
export const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The states in a binary; two wires in one of two architectures. */
export function wiresIn(binary: Buffer): string[] {
  const wires: string[] = [];
  for (let at = binary.indexOf(SENTINEL); at !== -1; at = binary.indexOf(SENTINEL, at + 1)) {
    const from = at + SENTINEL.length;
    const [version, length = 0] = binary.subarray(from, from + 2);
    if (version !== 1) throw new Error(`The fuse wire has version ${version}; this reads 1.`);
    wires.push(binary.toString('latin1', from + 2, from + 2 + length));
  }
  return wires;
}

/** What is otherwise than decided, a sentence each. */
export function faultsOf(binary: Buffer, twin: boolean): string[] {
  const wires = wiresIn(binary);
  if (wires.length === 0) return ['There is no fuse wire in it: it is no binary of Electron.'];
  const wanted = Object.entries(fuses).map(([name, fuse]) => ({ name, state: isOn(name, fuse, twin) ? '1' : '0' }));
  return wires.flatMap((wire) => [
    ...(wire.length === wanted.length ? [] : [`It has ${wire.length} fuses; ${wanted.length} are decided.`]),
    ...wanted.flatMap(({ name, state }, at) => (wire[at] === state ? [] : [`${name} is "${wire[at] ?? 'missing'}", not "${state}".`])),
  ]);
}

/** Where the wire lies: on macOS in the framework, elsewhere in the program itself. */
const fuseFile = (path: string): string =>
  path.endsWith('.app') ? resolve(path, 'Contents/Frameworks/Electron Framework.framework/Electron Framework') : resolve(path);

if (import.meta.main) {
  const binaries = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
  const twin = process.argv.includes('--twin');
  if (binaries.length === 0) console.log('NOT SEEN: no binary was named, so no fuse was read. npm run fuses -- <binary> [--twin]');
  for (const path of binaries) {
    const file = fuseFile(path);
    const faults = existsSync(file) ? faultsOf(readFileSync(file), twin) : [`${file} is not there.`];
    console.log(
      `${path}: ${faults.length === 0 ? `${Object.keys(fuses).length} of ${Object.keys(fuses).length} fuses as decided` : faults.join(' ')}`,
    );
    if (faults.length > 0) process.exitCode = 1;
  }
}
