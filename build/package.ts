/**
 * `npm run package`: the packages of this system in dist/, with a bill of materials; `-- --dir`: the packed folder alone. Signed where the
 * environment holds a certificate. electron-builder fetches Electron and its tools; the deb is ours (deb.ts).
 */
import { Arch, build, Platform } from 'electron-builder';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { config } from './config.ts';
import { makeDeb } from './deb.ts';
import { billOf } from './sbom.ts';
import { packageJson, root } from './shipped.ts';

const dir = process.argv.includes('--dir');
const isMac = process.platform === 'darwin';
const arch = isMac ? Arch.universal : process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
const dist = join(root, 'dist');

await build({
  config,
  targets: Platform.current().createTarget(dir ? 'dir' : undefined, arch),
  publish: 'never',
});
if (!dir) {
  const packed = ['linux-unpacked', 'linux-arm64-unpacked'].map((name) => join(dist, name)).find((path) => existsSync(path));
  if (process.platform === 'linux' && packed !== undefined) makeDeb(packed, dist, process.arch);
  const { version, devDependencies } = packageJson(root);
  mkdirSync(dist, { recursive: true });
  const bill = billOf('app', { name: 'electron', version: devDependencies?.['electron'] ?? 'unknown' });
  writeFileSync(join(dist, `Perpscope-${version}-${process.platform}-${Arch[arch]}.cdx.json`), JSON.stringify(bill, null, 1));
}
