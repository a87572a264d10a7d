/** A deb of the packed folder, by dpkg-deb alone: what is in it is written here, and seen by a test wherever dpkg is. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETUP_ENDING, SETUP_TYPE } from '../src/bridge/setup-file.ts';
import { packageJson, root } from './shipped.ts';

const ARCHS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** What Electron's binary links to. */
const DEPENDS = [
  'libgtk-3-0',
  'libnotify4',
  'libnss3',
  'libxss1',
  'libxtst6',
  'xdg-utils',
  'libatspi2.0-0',
  'libuuid1',
  'libsecret-1-0',
  'libasound2 | libasound2t64',
  'libgbm1',
];
/** Where the packed folder lies, and the program in the path. */
const OPT = 'opt/Perpscope';

export const desktopEntry = `[Desktop Entry]
Name=Perpscope
Comment=Funding divergence on crypto perpetual futures
Exec=/${OPT}/perpscope %U
Terminal=false
Type=Application
Icon=perpscope
StartupWMClass=Perpscope
Categories=Finance;Office;
MimeType=${SETUP_TYPE};
`;

/** So that desktops know the file of a setup by its ending. */
const mimeInfo = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="${SETUP_TYPE}">
    <comment>Setup of Perpscope</comment>
    <sub-class-of type="application/json"/>
    <glob pattern="*.${SETUP_ENDING}"/>
  </mime-type>
</mime-info>
`;

/** Said when it is removed: what a person recorded is theirs. */
const AFTER_REMOVE = readFileSync(join(root, 'build/after-remove.sh'), 'utf8');

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const put = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
};

/** `packed`: what electron-builder laid out; the path of the deb. */
export function makeDeb(packed: string, target: string, arch: string, compression: 'xz' | 'none' = 'xz'): string {
  const { version } = packageJson(root);
  const named = ARCHS[arch];
  if (named === undefined) throw new Error(`There is no deb for ${arch}.`);
  const tree = mkdtempSync(join(tmpdir(), 'perpscope-deb-'));
  try {
    chmodSync(tree, 0o755);
    const opt = join(tree, OPT);
    cpSync(packed, opt, { recursive: true });
    // The sandbox of systems that let users make no namespaces of their own: root's, and nothing else is.
    const sandbox = join(opt, 'chrome-sandbox');
    if (existsSync(sandbox)) chmodSync(sandbox, 0o4755);
    put(join(tree, 'usr/share/applications/perpscope.desktop'), desktopEntry);
    put(join(tree, 'usr/share/mime/packages/perpscope.xml'), mimeInfo);
    mkdirSync(join(tree, 'usr/share/icons/hicolor/512x512/apps'), { recursive: true });
    cpSync(join(root, 'build/icons/icon.png'), join(tree, 'usr/share/icons/hicolor/512x512/apps/perpscope.png'));
    mkdirSync(join(tree, 'usr/share/doc/perpscope'), { recursive: true });
    for (const [from, to] of [
      ['LICENSE', 'copyright'],
      ['THIRD_PARTY_NOTICES.md', 'THIRD_PARTY_NOTICES.md'],
    ] as const)
      cpSync(join(root, from), join(tree, 'usr/share/doc/perpscope', to));
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    symlinkSync(`/${OPT}/perpscope`, join(tree, 'usr/bin/perpscope'));
    put(
      join(tree, 'DEBIAN/control'),
      [
        'Package: perpscope',
        `Version: ${version}`,
        `Architecture: ${named}`,
        'Maintainer: the Perpscope authors <noreply@perpscope.example>',
        `Installed-Size: ${Math.ceil(bytesOf(opt) / 1024)}`,
        `Depends: ${DEPENDS.join(', ')}`,
        'Section: misc',
        'Priority: optional',
        'Description: Terminal for funding divergence on crypto perpetual futures',
        ' Polls public endpoints of exchanges, keeps every settled rate on this disk and draws',
        ' funding against its own average. No account, no API key, no telemetry.',
        '',
      ].join('\n'),
    );
    put(join(tree, 'DEBIAN/postrm'), AFTER_REMOVE, 0o755);
    mkdirSync(target, { recursive: true });
    const deb = join(target, `Perpscope-${version}-linux-${named}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, deb], {
      // One time for every file: the same tree gives the same bytes.
      env: { ...process.env, SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return deb;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
