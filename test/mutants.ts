/**
 * Undoes one promise of trust at a time and sees its test go red: `node test/mutants.ts [word]`. Changes the sources of this checkout while it
 * runs and puts each back; commit first. A mutant whose test stays green, or whose text is no longer there, is a failure.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Mutant {
  readonly undoes: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const trust = 'src/main/trust.ts';
const trustTest = 'test/unit/main/trust.test.ts';
const recovery = 'src/main/recovery.ts';
const recoveryTest = 'test/unit/main/recovery.test.ts';
const access = 'src/web/access.ts';
const hostTest = 'test/unit/web/host.test.ts';
const filesTest = 'test/unit/node/history/files.test.ts';
const updatesTest = 'test/unit/node/updates/updates.test.ts';
const settingsTest = 'test/unit/node/settings.test.ts';

const mutants: readonly Mutant[] = [
  { undoes: 'enableSandbox', file: trust, from: '  app.enableSandbox();\n', to: '', test: trustTest },
  { undoes: 'will-navigate', file: trust, from: "  contents.on('will-navigate', denyElsewhere);\n", to: '', test: trustTest },
  { undoes: 'will-frame-navigate', file: trust, from: "  contents.on('will-frame-navigate', denyElsewhere);\n", to: '', test: trustTest },
  { undoes: 'will-redirect', file: trust, from: "  contents.on('will-redirect', deny);\n", to: '', test: trustTest },
  { undoes: 'will-attach-webview', file: trust, from: "  contents.on('will-attach-webview', deny);\n", to: '', test: trustTest },
  {
    undoes: 'setDevicePermissionHandler',
    file: trust,
    from: '  session.setDevicePermissionHandler(() => false);\n',
    to: '',
    test: trustTest,
  },
  {
    undoes: 'the WebRTC policy',
    file: trust,
    from: "  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');\n",
    to: '',
    test: trustTest,
  },
  {
    undoes: 'row 40: a page that dies',
    file: recovery,
    from: 'mayReload = createRateLimit(3, tenMinutesMs)',
    to: 'mayReload = createRateLimit(99, tenMinutesMs)',
    test: recoveryTest,
  },
  { undoes: 'row 41: a page that hangs', file: recovery, from: "window.on('unresponsive'", to: "window.on('never'", test: recoveryTest },
  {
    undoes: 'a refused switch',
    file: 'src/main/trust-rules.ts',
    from: "  'disable-gpu-sandbox',\n",
    to: '',
    test: 'test/unit/main/trust-rules.test.ts',
  },
  { undoes: 'the token is burnt', file: access, from: '    token = null;\n    return true;', to: '    return true;', test: hostTest },
  { undoes: 'the token lives a minute', file: access, from: 'now() > token.until || ', to: '', test: hostTest },
  { undoes: 'the key of the page', file: access, from: "req.path.startsWith('/bridge/') && ", to: "req.path === '' && ", test: hostTest },
  {
    undoes: 'Sec-Fetch-Site',
    file: access,
    from: "return site === undefined || site === 'same-origin'",
    to: "return site !== '' || site === 'same-origin'",
    test: hostTest,
  },
  {
    undoes: 'no HEAD on the stream',
    file: 'src/web/host.ts',
    from: "context.req.method !== 'GET'",
    to: "context.req.method === 'PUT'",
    test: hostTest,
  },
  {
    undoes: 'streams are bounded',
    file: 'src/web/event-stream.ts',
    from: 'ends.size > maxStreams',
    to: 'ends.size > 1_000',
    test: hostTest,
  },
  { undoes: 'connections are bounded', file: 'src/web/connections.ts', from: 'to.size > limit', to: 'to.size > 100_000', test: hostTest },
  {
    undoes: 'half-open connections end',
    file: 'src/web/host.ts',
    from: 'headersTimeout: connections.headersMs',
    to: 'headersTimeout: 600_000',
    test: hostTest,
  },
  {
    undoes: 'the address is no argument',
    file: 'src/launch/launch.ts',
    from: 'await open(pathToFileURL(file).href)',
    to: 'await open(url)',
    test: 'test/unit/launch/launch.test.ts',
  },
  {
    undoes: 'private files',
    file: 'src/node/lock.ts',
    from: '  keepPrivate(dataDir);\n',
    to: '',
    test: 'test/unit/node/private-files.test.ts',
  },
  {
    undoes: 'files of an older version become private',
    file: 'src/node/private-files.ts',
    from: '    restrict(path, 0o600);\n',
    to: '',
    test: 'test/unit/node/private-files.test.ts',
  },
  {
    undoes: 'settings of another program',
    file: 'src/node/settings.ts',
    from: 'lost.length > 0 && lost.length ===',
    to: 'lost.length < 0 && lost.length ===',
    test: settingsTest,
  },
  {
    undoes: 'a setting that is missing',
    file: 'src/node/settings.ts',
    from: 'if (lost.length === 0) return read;',
    to: 'if (lost.length >= 0) return read;',
    test: settingsTest,
  },
  {
    undoes: 'a lock that was deleted is told',
    file: 'src/node/lock.ts',
    from: 'if (isOurs)',
    to: 'if (!isOurs)',
    test: 'test/unit/node/lock.test.ts',
  },
  {
    undoes: 'a -wal of another history',
    file: 'src/node/history/open-file.ts',
    from: 'if (hasForeignWal(file))',
    to: 'if (false)',
    test: filesTest,
  },
  {
    undoes: 'what can be read is saved',
    file: 'src/node/history/open-file.ts',
    from: 'rows = copyReadable(aside, db);',
    to: '',
    test: filesTest,
  },
  {
    undoes: 'no words of SQLite',
    file: 'src/node/history/errors.ts',
    from: "'parts of it cannot be read'",
    to: 'messageOf(error)',
    test: filesTest,
  },
  {
    undoes: 'what cannot be seen is shown',
    file: 'src/domain/shown-text.ts',
    from: '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]/gu',
    to: '[\\p{Cc}]/gu',
    test: 'test/unit/domain/shown-text.test.ts',
  },
  {
    undoes: 'a file that was handed over is shown once',
    file: 'src/main/handed-files.ts',
    from: '      waiting = null;\n',
    to: '',
    test: 'test/unit/main/handed-files.test.ts',
  },
  {
    undoes: 'of a command line only files of setups are read',
    file: 'src/main/handed-files.ts',
    from: '!arg.toLowerCase().endsWith(`.${SETUP_ENDING}`)',
    to: "arg === ''",
    test: 'test/unit/main/handed-files.test.ts',
  },
  {
    undoes: 'a first backup a quarter of an hour after the start',
    file: 'src/core/collect/heartbeat.ts',
    from: 'if (ticks === FIRST_BACKUP_AT)',
    to: 'if (ticks < 0)',
    test: 'test/unit/core/collect/heartbeat.test.ts',
  },
  {
    undoes: 'a notice of what is over goes',
    file: 'src/node/history/news.ts',
    from: 'Math.abs(this.#now() - at) >= TOLD_MS',
    to: 'false',
    test: 'test/unit/node/history/news.test.ts',
  },
  {
    undoes: 'a notice of a file that was set aside goes with it',
    file: 'src/node/history/news.ts',
    from: '!kept.some((path) => existsSync(path))',
    to: 'false',
    test: 'test/unit/node/history/news.test.ts',
  },
  {
    undoes: 'a notice of a -wal that is held goes',
    file: 'src/node/history/sqlite-history.ts',
    from: 'this.#isWalHeld = this.#walBytes() > WAL_ALARM_BYTES;',
    to: 'this.#isWalHeld ||= this.#walBytes() > WAL_ALARM_BYTES;',
    test: 'test/unit/node/history/maintain.test.ts',
  },
  {
    undoes: 'passwords are not told again',
    file: 'src/node/venue-urls.ts',
    from: 'withoutPassword(value)',
    to: 'value',
    test: 'test/unit/node/venue-urls.test.ts',
  },
  {
    undoes: 'row 43: a graphics process that is lost is told',
    file: recovery,
    from: "if (details.type !== 'GPU') return;",
    to: 'return;',
    test: recoveryTest,
  },
  { undoes: 'row 40: a page that died is told', file: recovery, from: 'if (again) tell(', to: 'if (!again) tell(', test: recoveryTest },
  {
    undoes: 'crash dumps stay here',
    file: 'src/main/crashes.ts',
    from: 'uploadToServer: false',
    to: 'uploadToServer: true',
    test: 'test/unit/main/crashes.test.ts',
  },
  {
    undoes: 'diagnostics name no places',
    file: 'src/node/machine.ts',
    from: 'if (path.length > 1) out',
    to: 'if (path.length < 0) out',
    test: 'test/unit/node/machine.test.ts',
  },
  {
    undoes: 'diagnostics hold no passwords',
    file: 'src/node/machine.ts',
    from: 'let out = redact(text);',
    to: 'let out = text;',
    test: 'test/unit/node/machine.test.ts',
  },
  {
    undoes: 'the signature of a version',
    file: 'src/node/updates/manifest.ts',
    from: "throw new UpdateError('The notice of a new version is not signed with the key of Perpscope.');",
    to: '',
    test: updatesTest,
  },
  {
    undoes: 'an expired notice',
    file: 'src/node/updates/updates.ts',
    from: 'Date.parse(manifest.expiresAt) < now()',
    to: 'Date.parse(manifest.expiresAt) < 0',
    test: updatesTest,
  },
  {
    undoes: 'a replayed notice',
    file: 'src/node/updates/updates.ts',
    from: 'manifest.sequence < seen.read()',
    to: 'manifest.sequence < 0',
    test: updatesTest,
  },
  {
    undoes: 'a downgrade',
    file: 'src/node/updates/updates.ts',
    from: 'compareVersions(manifest.version, version) < 0)',
    to: 'compareVersions(manifest.version, version) < -9)',
    test: updatesTest,
  },
  {
    undoes: 'row 47: a download is the file that was signed',
    file: 'src/node/updates/install.ts',
    from: 'content.byteLength !== file.bytes || hashOf(content) !== file.sha256',
    to: 'content.byteLength < 0',
    test: updatesTest,
  },
  {
    undoes: 'row 47: what lies ready is checked before it is run',
    file: 'src/node/updates/install.ts',
    from: 'hashOf(await readFile(next)) !== ready.sha256',
    to: 'hashOf(await readFile(next)) === ""',
    test: updatesTest,
  },
  {
    undoes: 'updates are off until they are switched on',
    file: 'src/core/update-watch.ts',
    from: '!settings().updates || ',
    to: '',
    test: 'test/unit/core/update-watch.test.ts',
  },
  {
    undoes: 'the demo looks for no version',
    file: 'src/core/update-watch.ts',
    from: "if (isDemo) throw new UserError('not-allowed', 'The demo asks nothing of the world, so it looks",
    to: "if (!updates) throw new UserError('not-allowed', 'The demo asks nothing of the world, so it looks",
    test: 'test/unit/core/update-watch.test.ts',
  },
  { undoes: 'the inspect fuse', file: 'build/fuses.ts', from: '(twin && name', to: '(!twin && name', test: 'test/build/fuses.test.ts' },
  {
    undoes: 'row 48: a backup without its -wal',
    file: 'src/node/backup/make.ts',
    from: '    await copyHistory(database, unfinished, progress);',
    to: "    (await import('node:fs')).copyFileSync(database, unfinished);\n    progress?.(1);",
    test: 'test/unit/node/backup/restore.test.ts',
  },
];

const root = resolve(import.meta.dirname, '..');

/** Whether the test went red; null: the text is not there once. */
function isCaught({ file, from, to, test }: Mutant): boolean | null {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) return null;
  try {
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', test], {
      cwd: root,
      stdio: 'ignore',
    });
    return status !== 0;
  } finally {
    writeFileSync(path, text);
  }
}

const word = process.argv[2] ?? '';
let alive = 0;
for (const mutant of mutants.filter(({ undoes, file }) => `${undoes} ${file}`.includes(word))) {
  const caught = isCaught(mutant);
  if (caught !== true) alive += 1;
  console.log(`${caught === true ? 'red ' : caught === false ? 'GREEN' : 'GONE'} ${mutant.undoes} (${mutant.file}; ${mutant.test})`);
}
console.log(`${alive} of them live`);
process.exitCode = alive === 0 ? 0 : 1;
