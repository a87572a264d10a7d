import type { Configuration } from 'electron-builder';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SETUP_ENDING, SETUP_TYPE } from '../src/bridge/setup-file.ts';
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
  // Electron's own app, which starts any folder that it is given: electron-builder leaves it there where Electron comes as a folder.
  afterPack: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
  directories: { output: 'dist', buildResources: 'build' },
  files: [
    'out/**',
    'package.json',
    'LICENSE',
    'THIRD_PARTY_NOTICES.md',
    '!**/*.map',
    // Sources and tests that packages bring along: Node loads no TypeScript out of node_modules.
    '!node_modules/**/*.{ts,cts,mts}',
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
  fileAssociations: [
    { ext: SETUP_ENDING, name: 'Perpscope setup', description: 'Setup of Perpscope', mimeType: SETUP_TYPE, role: 'Viewer' },
  ],
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  // The deb is ours (deb.ts): it needs no tool that is fetched.
  linux: {
    target: ['AppImage', 'rpm'],
    category: 'Finance',
    executableName: 'perpscope',
    maintainer: 'the Perpscope authors',
  },
  rpm: { afterRemove: 'build/after-remove.sh' },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.finance',
    hardenedRuntime: true,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
  },
  win: { target: ['nsis', 'zip'] },
  // Into the person's own folder, without rights of an administrator; what was recorded stays when it is removed.
  nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false, include: 'build/installer.nsh' },
};
