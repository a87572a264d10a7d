import { getCurrentFuseWire } from '@electron/fuses';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { config } from '../../build/config.ts';
import { faultsOf, fuseOptions, fuses, SENTINEL, wiresIn } from '../../build/fuses.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'perpscope-fuses-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** As a binary of Electron holds it: the mark, version 1, how many, and a digit each. */
const binary = (...wires: readonly string[]): Buffer =>
  Buffer.concat(wires.map((wire) => Buffer.from(`...${SENTINEL}\x01${String.fromCharCode(wire.length)}${wire}...`, 'latin1')));
const asDecided = '000011001';

test('nine of nine fuses are decided, and the config packs with them', () => {
  const states = Object.fromEntries(Object.entries(fuses).map(([name, { on }]) => [name, on]));
  expect(states).toEqual({
    RunAsNode: false,
    EnableCookieEncryption: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  });
  expect(config.electronFuses).toEqual(fuseOptions(false));
  expect(config.asar).toBe(true);
});

test('the twin of the end-to-end tests differs in the inspect fuse alone', () => {
  const [released, twin] = [fuseOptions(false), fuseOptions(true)];
  expect(twin).toEqual({ ...released, enableNodeCliInspectArguments: true });
  expect(released.enableNodeCliInspectArguments).toBe(false);
});

test.each([
  ['as decided', [asDecided], []],
  ['as Electron ships it', ['101100011'], ['RunAsNode is "1", not "0".', 'EnableNodeOptionsEnvironmentVariable is "1", not "0".']],
  ['with a tenth fuse', [`${asDecided}1`], ['It has 10 fuses; 9 are decided.']],
  ['of two architectures, of which one was forgotten', [asDecided, '100011001'], ['RunAsNode is "1", not "0".']],
  ['that is none', [], ['There is no fuse wire in it: it is no binary of Electron.']],
])('a binary %s is read back', (_what, wires, faults) => {
  const found = faultsOf(binary(...wires), false);
  expect(found.slice(0, faults.length)).toEqual(faults);
  expect(found.length > 0).toBe(faults.length > 0);
});

test('our reading is that of @electron/fuses', async () => {
  const file = join(scratch, 'electron');
  writeFileSync(file, binary('101100011'));
  const { version, ...states } = await getCurrentFuseWire(file);
  expect(version).toBe('1');
  const digits = Object.values(states as Readonly<Record<string, number>>).map((code) => String.fromCharCode(code));
  expect([digits.join('')]).toEqual(wiresIn(readFileSync(file)));
});

/** The packed app of this machine, where `npm run package` has made one on the real Electron. */
const packed = join(root, 'dist/linux-unpacked/perpscope');
if (!existsSync(packed)) console.warn('NOT SEEN HERE: there is no packed binary in dist/, so no real fuse was read back');
test.skipIf(!existsSync(packed))('the packed binary has the fuses that were decided (only on real Electron)', () => {
  expect(faultsOf(readFileSync(packed), false)).toEqual([]);
});
