/**
 * `npm run package:cli`: the command line as an archive of its own for this system: Node, the bundle, what it loads, licences, and a bill of
 * materials beside it. No Electron, no display, nothing to install.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { billOf } from './sbom.ts';
import { imported, packageJson, root, withAllBelow } from './shipped.ts';

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' };
const isWindows = process.platform === 'win32';

/** Of a package what runs: no types, sources, maps or other forms of the same; of better-sqlite3 the binary of this system. */
function isKept(path: string): boolean {
  const inside = relative(root, path).replaceAll('\\', '/');
  if (/\.(?:map|[cm]?ts|md|markdown)$/u.test(inside)) return /(?:licen[cs]e|copying|notice)/iu.test(inside);
  if (/node_modules\/ccxt\/(?:dist|doc|examples)(?:\/|$)/u.test(inside)) return false;
  if (/node_modules\/better-sqlite3\/(?:deps|src|binding\.gyp)/u.test(inside)) return false;
  const binary = /better-sqlite3\/prebuilds\/(?<name>.+)\.node$/u.exec(inside)?.groups?.['name'];
  return binary === undefined || binary === `${process.platform}-${process.arch}`;
}

/** Of ccxt only its modules are imported, never what speeds up sockets that it does not open. */
const NOT_LOADED = new Set(['bufferutil', 'node-gyp-build', 'fflate']);

const launcher = isWindows
  ? '@"%~dp0node.exe" "%~dp0app\\cli.js" %*\r\n'
  : '#!/bin/sh\n# The folder may be linked to from anywhere.\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/node" "$here/app/cli.js" "$@"\n';

/** Lays the archive's folder out in `into`; its name. */
export function layOut(bundle: string, into: string): string {
  const { version } = packageJson(root);
  const name = `Perpscope-cli-${version}-${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
  const folder = join(into, name);
  const node = realpathSync(process.execPath);
  cpSync(bundle, join(folder, 'app'), { recursive: true });
  writeFileSync(join(folder, 'app', 'package.json'), `${JSON.stringify({ type: 'module', version })}\n`);
  for (const [title, from] of withAllBelow(imported('cli').loaded)) {
    if (NOT_LOADED.has(title.split(' ')[0] ?? '')) continue;
    // A package of another version lies within the one that needs it, as it does here.
    cpSync(from, join(folder, relative(root, from)), {
      recursive: true,
      dereference: true,
      filter: (path) => isKept(path) && (path === from || !relative(from, path).split(/[\\/]/u).includes('node_modules')),
    });
  }
  cpSync(node, join(folder, isWindows ? 'node.exe' : 'node'));
  const licence = [join(dirname(node), '../LICENSE'), join(dirname(node), 'LICENSE')].find((path) => existsSync(path));
  if (licence === undefined) throw new Error(`Node's licence is not beside ${node}.`);
  cpSync(licence, join(folder, 'LICENSE-node'));
  for (const file of ['LICENSE', 'THIRD_PARTY_NOTICES.md']) cpSync(join(root, file), join(folder, file));
  const start = join(folder, isWindows ? 'perpscope.cmd' : 'perpscope');
  writeFileSync(start, launcher);
  chmodSync(start, 0o755);
  return name;
}

/** The same bytes from the same files: names in order, no owner, one time. Where tar is another one, as it comes. */
function archive(into: string, name: string, target: string): void {
  const isGnu = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout.includes('GNU');
  const mtime = `--mtime=@${process.env['SOURCE_DATE_EPOCH'] ?? '0'}`;
  const how = isGnu ? ['-I', 'gzip -n', '--sort=name', mtime, '--owner=0', '--group=0', '--numeric-owner'] : ['-z'];
  execFileSync('tar', [...how, '-cf', target, '-C', into, name], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export function packCli(bundle: string, target: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'perpscope-cli-'));
  try {
    const name = layOut(bundle, scratch);
    mkdirSync(target, { recursive: true });
    archive(scratch, name, join(target, `${name}.tar.gz`));
    writeFileSync(
      join(target, `${name}.cdx.json`),
      JSON.stringify(billOf('cli', { name: 'node', version: process.versions.node }), null, 1),
    );
    return name;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function bundleCli(): string {
  const bundle = join(root, 'out-cli');
  rmSync(bundle, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--config', 'build/cli.vite.ts', '--logLevel', 'error'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (!readdirSync(bundle).includes('cli.js')) throw new Error('The bundle of the command line has no cli.js.');
  return bundle;
}

if (import.meta.main) {
  const name = packCli(bundleCli(), resolve(process.argv[2] ?? join(root, 'dist')));
  console.log(`${name}.tar.gz with its bill of materials is made`);
}
