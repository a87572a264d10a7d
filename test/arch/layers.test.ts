import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
/** `rule file` of every rule that the tree under `cwd` breaks. */
function breaks(cwd: string): string[] {
  const run = spawnSync(process.execPath, [cruiser, 'src', 'build', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const report = JSON.parse(run.stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return report.summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`);
}

const planted: readonly (readonly [rule: string, folder: string, code: string])[] = [
  ['domain-layers', 'src/domain', `import '#bridge/errors.ts';`],
  ['domain-no-node', 'src/domain', `import 'node:fs';`],
  ['domain-packages', 'src/domain', `import 'left-pad';`],
  ['bridge-layers', 'src/bridge', `import '#core/ports.ts';`],
  ['bridge-no-node', 'src/bridge', `import 'node:crypto';`],
  ['core-layers', 'src/core', `import '../node/planted-target.ts';`],
  ['core-no-node', 'src/core', `import { setTimeout } from 'node:timers/promises'; export { setTimeout };`],
  ['core-packages', 'src/core', `import 'left-pad';`],
  ['core-collect', 'src/core/collect', `import '../read/planted-target.ts';`],
  ['core-collect', 'src/core/collect', `import '../decide/planted-target.ts';`],
  ['core-collect', 'src/core/collect', `import '../screen.ts';`],
  ['core-read', 'src/core/read', `import '../collect/planted-target.ts';`],
  ['core-read', 'src/core/read/metrics', `import type { Settings } from '../../collect/planted-target.ts'; export type { Settings };`],
  ['core-read', 'src/core/read', `import '../decide/planted-target.ts';`],
  ['core-decide', 'src/core/decide', `import '../collect/planted-target.ts';`],
  ['node-layers', 'src/node', `import '#main/planted-target.ts';`],
  ['web-layers', 'src/web', `import '#main/planted-target.ts';`],
  ['web-packages', 'src/web', `import 'left-pad';`],
  ['main-layers', 'src/main', `import '#web/planted-target.ts';`],
  ['cli-layers', 'src/cli', `import '#web/planted-target.ts';`],
  ['cli-packages', 'src/cli', `import 'left-pad';`],
  ['preload-layers', 'src/preload', `import '#bridge/client.ts';`],
  ['preload-no-node', 'src/preload', `import 'node:fs';`],
  ['renderer-layers', 'src/renderer', `import '#core/ports.ts';`],
  ['renderer-no-node', 'src/renderer', `import 'node:fs';`],
  ['renderer-packages', 'src/renderer', `import 'left-pad';`],
  ['electron-values-in-main-only', 'src/node', `import { app } from 'electron'; export { app };`],
  ['electron-values-in-main-only', 'src/web', `import Store from 'electron-store'; export { Store };`],
  ['electron-values-in-main-only', 'build', `import { app } from 'electron'; export { app };`],
  ['no-cycles', 'src/domain', `export * from './planted-back.ts';`],
  ['no-unresolved', 'src/core', `import './nowhere.ts';`],
];
const fileOf = (index: number): string => `${planted[index]?.[1] ?? ''}/planted-${index}.ts`;

let copy = '';
let found: string[] = [];

function put(file: string, text: string): void {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'perpscope-arch-'));
  for (const part of ['src', '.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  for (const name of ['electron', 'electron-store', 'left-pad']) {
    put(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    put(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  for (const layer of ['node', 'main', 'web', 'core/collect', 'core/read', 'core/decide'])
    put(`src/${layer}/planted-target.ts`, 'export {};');
  put('src/domain/planted-back.ts', `export * from './planted-${planted.findIndex(([rule]) => rule === 'no-cycles')}.ts';`);
  put('src/main/planted-type.ts', `import type { App } from 'electron'; export type { App };`);
  planted.forEach(([, , code], index) => put(fileOf(index), code));
  found = breaks(copy);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the tree as it stands keeps every rule', { timeout: 120_000 }, () => {
  expect(breaks(root)).toEqual([]);
});

test.each(planted.map(([rule, folder, code], index) => ({ rule, folder, code, file: fileOf(index) })))(
  'a planted break of $rule in $folder is caught: $code',
  ({ rule, file }) => {
    expect(found).toContain(`${rule} ${file}`);
  },
);

test('a type from electron is no break where the layer may know electron', () => {
  expect(found.filter((line) => line.includes('planted-type'))).toEqual([]);
});
