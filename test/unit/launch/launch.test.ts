import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { House } from './house.ts';

/** Stand-ins for binaries are scripts with a first line that names Node: Windows has no such thing. */
const onPosix = process.platform === 'win32' ? describe.skip : describe;

let house: House;
beforeEach(() => {
  house = new House();
});
afterEach(() => house.close());

const address = /http:\/\/\S+/gu;
const stack = /^\s+at /mu;

describe('the command line', () => {
  test('an older Node is told which one is needed and how to get it', async () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "12.22.0" } })';
    const { code, output } = await house.start([], { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/Node 24 or newer is needed, this is 12\.22\.0/u);
    expect(output).toMatch(/npm ci/u);
  });

  test('the first file is read by any Node: it imports nothing before the check and uses nothing new', () => {
    expect(house.read('src/launch/start.mjs')).not.toMatch(/^\s*import\s|\bawait\b|\?\?|\?\.|node:/mu);
  });

  test('before npm ci the person is told to run it, without a stack', async () => {
    rmSync(join(house.root, 'node_modules'), { recursive: true });
    const { code, output } = await house.start([]).ended;
    expect([code, output]).toEqual([1, 'perpscope: its packages are not installed: run `npm ci` in this folder first.\n']);
  });

  test('--help lists the flags and starts nothing', async () => {
    const { code, output } = await house.start(['--help']).ended;
    expect([code, house.has('built')]).toEqual([0, false]);
    expect(output).toContain('--demo-speed');
  });

  test('an unknown flag is an error that names it', async () => {
    const { code, output } = await house.start(['--browser', '--frobnicate']).ended;
    expect([code, house.has('built')]).toEqual([2, false]);
    expect(output).toMatch(/^perpscope: .*--frobnicate.*\n$/u);
  });

  test('what would move or colour the terminal in it is shown as what it is', async () => {
    const { output } = await house.start(['--browser', '--frob\u001B[31m\u202E\u0007']).ended;
    expect(output).toContain('--frob\\u001b[31m\\u202e\\u0007');
    for (const hidden of ['\u001B', '\u202E', '\u0007']) expect(output).not.toContain(hidden);
  });

  test('the flags reach the app; a relative folder means the one the person stands in', async () => {
    const run = house.start(['--browser', '--no-open', '--demo', '--demo-speed', '120', '--data-dir', 'my data'], {
      INIT_CWD: join(house.root, 'elsewhere'),
    });
    await run.until(/token/u);
    expect(JSON.parse(house.read('served.json'))).toMatchObject({
      demo: { speed: 120 },
      dataDir: join(house.root, 'elsewhere', 'my data'),
      port: null,
    });
  });
});

onPosix('the browser', () => {
  test('is given the name of a file that this user alone can read, and no token', async () => {
    // What stands in for the package that starts the browser leaves behind what it was given.
    rmSync(join(house.root, 'node_modules/open'));
    house.write('node_modules/open/package.json', JSON.stringify({ name: 'open', type: 'module', main: 'index.js' }));
    house.write(
      'node_modules/open/index.js',
      `import { renameSync, writeFileSync } from 'node:fs';
      export default async (given) => { writeFileSync('opened.new', given); renameSync('opened.new', 'opened'); };`,
    );
    const run = house.start(['--browser'], { DISPLAY: ':9' });
    await house.appears('opened');
    const given = fileURLToPath(house.read('opened'));
    expect(given).toMatch(/open\.html$/u);
    expect(readFileSync(given, 'utf8')).toContain('/?token=t');
    expect([statSync(given).mode & 0o777, statSync(dirname(given)).mode & 0o777]).toEqual([0o600, 0o700]);
    run.child.kill('SIGTERM');
    await run.ended;
    expect(existsSync(dirname(given))).toBe(false);
  });

  test('of another person gets an address of its own: Enter prints it', async () => {
    const run = house.start(['--browser', '--no-open'], {}, 'pipe');
    await run.until(/Ctrl\+C/u);
    expect(run.output.match(address)).toHaveLength(1);
    run.child.stdin?.write('\n');
    await run.until(/token.*token/su);
    run.child.stdin?.end();
  });
});

describe('the build', () => {
  const run = async () => {
    const started = house.start(['--browser', '--no-open']);
    await started.until(/token/u);
    started.child.kill('SIGTERM');
    return (await started.ended).output;
  };

  test('happens once, and again after a source changed or an output is gone', async () => {
    expect(await run()).toMatch(/^Building Perpscope/u);
    expect(await run()).not.toMatch(/Building/u);
    house.age('out/renderer/index.html', 3600);
    expect(await run()).toMatch(/Building/u);
    house.write('src/core/new.ts', '');
    for (const file of ['main/index.js', 'main/web.js', 'preload/index.cjs', 'renderer/index.html']) house.age(`out/${file}`, 60);
    expect(await run()).toMatch(/Building/u);
  });

  test('that fails says what the builder said, without opening anything', async () => {
    const { code, output } = await house.start(['--browser', '--no-open'], { FAKE_BUILD_FAILS: '1' }).ended;
    expect([code, house.has('served.json')]).toEqual([1, false]);
    expect(output).toContain('src/main/index.ts is broken');
    expect(output).not.toMatch(stack);
  });
});

describe('without Electron', () => {
  test('--browser does not ask for it', async () => {
    await house.start(['--browser', '--no-open']).until(/token/u);
    expect(house.has('required')).toBe(false);
  });

  test('the demo asks nothing of the network: one sentence says what is missing, and it opens in the browser', async () => {
    const asked: string[] = [];
    const mirror = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
    const run = house.start(['--demo', '--no-open'], { ELECTRON_MIRROR: url });
    await run.until(/Ctrl\+C/u);
    run.child.kill('SIGTERM');
    const { output } = await run.ended;
    mirror.close();
    expect([asked, house.has('required')]).toEqual([[], false]);
    expect(output).toContain(
      'No desktop window: Electron is not installed and the demo downloads nothing (`npm start` does, once). Opening in the browser instead.',
    );
    expect(output).toContain('Perpscope (demo market) is at http://127.0.0.1:');
  });

  test('a download host that refuses: one line says why, and the app opens in the browser', async () => {
    const refusing = createServer().listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    refusing.close();
    await once(refusing, 'close');
    const run = house.start(['--no-open'], { ELECTRON_MIRROR: `http://127.0.0.1:${port}/` });
    await run.until(/Ctrl\+C/u);
    const lines = run.output.trim().split('\n');
    expect(lines[1]).toBe(
      `No desktop window: Electron is not installed and 127.0.0.1:${port} cannot be reached (ECONNREFUSED). Opening in the browser instead.`,
    );
    expect(run.output.match(address)).toHaveLength(1);
    expect(run.output).not.toMatch(stack);
    expect(house.has('required')).toBe(false);
  });

  test('a download host that takes the connection and says nothing: five seconds, then the browser', async () => {
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const run = house.start(['--no-open'], { ELECTRON_MIRROR: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/` });
    await run.until(/does not answer within 5 s\. Opening in the browser instead\.\n.*token/su);
    hanging.closeAllConnections();
    hanging.close();
  });

  test.each(['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'NPM_CONFIG_ELECTRON_MIRROR'])(
    '%s is where it is asked for',
    async (variable) => {
      const asked: string[] = [];
      const mirror = createServer((request, response) => {
        asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.end();
      }).listen(0, '127.0.0.1');
      await once(mirror, 'listening');
      const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/electron/`;
      const run = house.start(['--no-open'], { ELECTRON_MIRROR: url, [variable]: url });
      await run.until(/its download failed: install\.js ran/u);
      expect(asked).toEqual([`HEAD /electron/v45.4.1/electron-v45.4.1-${process.platform}-${process.arch}.zip`]);
      mirror.close();
    },
  );
});

onPosix('with Electron', () => {
  const ready = `
    process.stdout.write('perpscope: window ready\\n');
    require('node:fs').writeFileSync(${JSON.stringify('ARGS')}, JSON.stringify(process.argv.slice(2)));`;
  const args = () => join(house.root, 'args.json');
  const install = (script: string) => house.installElectron(script.replaceAll('ARGS', args()));

  test('its window is opened with our flags, and the command ends as it ends', async () => {
    install(`${ready} setTimeout(() => process.exit(3), 20);`);
    const { code, output } = await house.start(['--demo', '--data-dir', 'data', '--no-open']).ended;
    expect(code).toBe(3);
    expect(output).not.toMatch(address);
    expect(JSON.parse(house.read('args.json'))).toEqual([
      house.root,
      `--data-dir=${join(house.root, 'data')}`,
      '--demo',
      '--demo-speed=60',
    ]);
    expect(house.has('required')).toBe(false);
  });

  test('ELECTRON_OVERRIDE_DIST_PATH names another one', async () => {
    house.write('own/package.json', '{}');
    install(ready);
    const binary = house.read('node_modules/electron/dist/electron');
    house.write('own/electron', binary, 0o755);
    house.write('node_modules/electron/path.txt', '');
    writeFileSync(join(house.root, 'node_modules/electron/dist/electron'), '');
    expect(await house.start([], { ELECTRON_OVERRIDE_DIST_PATH: join(house.root, 'own') }).ended).toMatchObject({ code: 0 });
    expect(house.has('args.json')).toBe(true);
  });

  test.each([
    ['no display', `console.error('[1:ERROR] Missing X server or $DISPLAY'); process.exit(1)`, 'there is no display'],
    [
      'root',
      `console.error('[1:FATAL] Running as root without --no-sandbox is not supported.'); process.kill(process.pid, 'SIGTRAP')`,
      'it does not run as root',
    ],
    [
      'sandbox',
      `console.error('FATAL: The SUID sandbox helper binary was found, but is not configured correctly.'); process.abort()`,
      'the system refuses its sandbox',
    ],
    [
      'library',
      `console.error('electron: error while loading shared libraries: libnss3.so: cannot open'); process.exit(127)`,
      'the system lacks libnss3.so',
    ],
    [
      'our own words',
      `console.error('perpscope: app: first'); console.error('perpscope: The folder is in use.'); process.exit(1)`,
      'The folder is in use.',
    ],
    ['crash', `process.kill(process.pid, 'SIGSEGV')`, 'it ended by SIGSEGV'],
    ['silence', `process.exit(9)`, 'it ended with code 9'],
  ])('that dies before its window (%s): one line, then the browser', async (_name, script, why) => {
    install(script);
    const run = house.start(['--no-open']);
    await run.until(/Ctrl\+C/u);
    expect(run.output).toContain(`No desktop window: Electron did not start: ${why}`);
    expect(run.output.match(address)).toHaveLength(1);
    expect(run.output).not.toMatch(stack);
  });

  test('that finds an instance running hands over: no browser', async () => {
    install(`process.stdout.write('perpscope: already running\\n', () => process.exit(0));`);
    const { code, output } = await house.start([]).ended;
    expect([code, house.has('served.json')]).toEqual([0, false]);
    expect(output).toContain('perpscope: already running');
  });

  const flushing = `${ready} setInterval(() => {}, 1000);
    const end = (why) => { require('node:fs').writeFileSync(${JSON.stringify('ARGS')} + '.' + why, ''); process.exit(0); };`;

  test.each(['SIGTERM', 'SIGINT'] as const)('is asked to end on %s and waited for', async (signal) => {
    install(`${flushing} process.on('SIGTERM', () => setTimeout(() => end('flushed'), 50)); process.on('disconnect', () => {});`);
    const run = house.start([]);
    await house.appears('args.json');
    run.child.kill(signal);
    expect((await run.ended).code).toBe(0);
    expect(house.has('args.json.flushed')).toBe(true);
  });

  test('learns by its channel that the command was killed', async () => {
    install(`${flushing} process.on('disconnect', () => end('disconnected'));`);
    const run = house.start([]);
    await house.appears('args.json');
    run.child.kill('SIGKILL');
    await house.appears('args.json.disconnected');
  });
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s closes everything in order', async (signal) => {
    const run = house.start(['--browser', '--no-open']);
    await run.until(/Ctrl\+C/u);
    run.child.kill(signal);
    expect((await run.ended).code).toBe(process.platform === 'win32' ? null : 0);
    expect(house.has('closed')).toBe(process.platform !== 'win32');
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('the app ends when its npm ends by %s, and is closed in order', async (signal) => {
    const run = house.npm(['run', 'start', '--', '--browser', '--no-open']);
    const [, port] = await run.until(/127\.0\.0\.1:(\d+)\//u);
    run.child.kill(signal);
    await house.appears('closed');
    // The pipe of its output closes with the last process that holds it.
    await run.ended;
    await expect(fetch(`http://127.0.0.1:${port ?? ''}/`)).rejects.toThrow();
  });

  test('npm killed during the build leaves nothing behind either', async () => {
    house.write(
      'node_modules/electron-vite/bin/electron-vite.js',
      `require('node:fs').writeFileSync('building', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const run = house.npm(['run', 'start', '--', '--browser', '--no-open']);
    await house.appears('building');
    run.child.kill('SIGKILL');
    const { output } = await run.ended;
    expect(output).not.toMatch(stack);
    expect(output).not.toContain('abort');
  });
});
