import type { Configuration } from 'electron-builder';
import { E2E_TWIN, fuseOptions } from './fuses.ts';

/**
 * What goes into the packaged app. better-sqlite3 carries its binaries inside its package (nothing is compiled: npmRebuild
 * off), and only the one of the packed platform is kept, outside the archive.
 */
export const config: Configuration = {
  appId: 'io.perpscope.terminal',
  productName: 'Perpscope',
  copyright: 'Copyright (c) 2026 the Perpscope authors',
  npmRebuild: false,
  electronFuses: fuseOptions(process.env[E2E_TWIN] === '1'),
  asar: true,
  directories: { output: 'dist', buildResources: 'build' },
  files: [
    'out/**',
    'package.json',
    'LICENSE',
    'THIRD_PARTY_NOTICES.md',
    '!**/*.map',
    // Node for the project's own scripts: an optional dependency, which a clean install counts as one of the app's.
    '!node_modules/node-{linux,win}-*/**',
    // Of ccxt its modules are imported; not its other forms, nor what speeds up sockets that it never opens.
    '!node_modules/ccxt/{dist,doc,examples}/**',
    '!node_modules/{bufferutil,node-gyp-build,fflate}/**',
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}.node)',
  ],
  asarUnpack: ['node_modules/better-sqlite3/prebuilds/*.node'],
  icon: 'build/icons/icon.png',
  linux: { target: ['AppImage', 'deb'], category: 'Finance', executableName: 'perpscope', maintainer: 'the Perpscope authors' },
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.finance' },
  win: { target: ['nsis'] },
};
