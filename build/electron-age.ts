/**
 * `npm run electron:age`: fails where Electron is none of the newest three majors, which alone are mended (Electron's checklist, 16). The newest
 * is asked of the registry by npm itself; without a network it says that nothing was seen.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SUPPORTED_MAJORS = 3;
const majorOf = (version: string): number => Number(version.split('.')[0]);

/** A sentence where it is too old; null: it is mended. */
export function ageFault(installed: string, newest: string): string | null {
  const behind = majorOf(newest) - majorOf(installed);
  if (Number.isNaN(behind)) return `"${newest}" is no version.`;
  return behind < SUPPORTED_MAJORS ? null : `Electron ${installed} is ${behind} majors behind ${newest}; it is mended no more.`;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: { electron: string } };
  const asked = process.platform === 'win32' ? (['npm.cmd', { shell: true }] as const) : (['npm', {}] as const);
  const newest = execFileSync(asked[0], ['view', 'electron', 'dist-tags.latest'], { encoding: 'utf8', ...asked[1] }).trim();
  const fault = ageFault(devDependencies.electron, newest);
  console.log(fault ?? `Electron ${devDependencies.electron} is one of the newest three majors (newest: ${newest})`);
  if (fault !== null) process.exitCode = 1;
}
