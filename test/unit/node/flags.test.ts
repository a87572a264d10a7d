import { expect, test } from 'vitest';
import { FLAG_HELP, FlagError, parseFlags } from '#node/flags.ts';

const cwd = process.platform === 'win32' ? 'C:\\work' : '/work';

test('nothing given', () => {
  expect(parseFlags([], cwd)).toEqual({
    browser: false,
    open: true,
    port: null,
    dataDir: null,
    demo: null,
    history: null,
    archive: null,
    help: false,
  });
});

test('everything given', () => {
  const args = ['--browser', '--no-open', '--port', '8080', '--data-dir=data', '--demo', '--demo-speed=120', '--help'];
  const flags = parseFlags(args, cwd);
  expect(flags).toMatchObject({ browser: true, open: false, port: 8080, demo: { speed: 120 }, help: true });
  expect(flags.dataDir).toMatch(/work.data$/u);
});

test('the demo runs sixty times as fast unless told otherwise', () => {
  expect(parseFlags(['--demo'], cwd).demo).toEqual({ speed: 60 });
});

test.each([
  [['--prot', '1'], '--prot'],
  [['-x'], '-x'],
  [['stray'], 'stray'],
  [['--browser=yes'], '--browser'],
  [['--port'], '--port'],
  [['--port', 'http'], '--port'],
  [['--port', '65536'], '--port'],
  [['--port', '-1'], '--port'],
  [['--port', '1.5'], '--port'],
  [['--data-dir', ''], '--data-dir'],
  [['--demo', '--demo-speed', '0'], '--demo-speed'],
  [['--demo', '--demo-speed', 'fast'], '--demo-speed'],
  [['--demo', '--demo-speed', ''], '--demo-speed'],
  [['--demo', '--demo-speed', '1e9'], '--demo-speed'],
  [['--demo-speed', '60'], '--demo'],
])('%j is an error that names the flag, in one line', (args, named) => {
  const run = () => parseFlags(args, cwd);
  expect(run).toThrow(FlagError);
  expect(run).toThrow(named);
  expect(run).not.toThrow(/\n/u);
});

test('the help lists every flag', () => {
  for (const flag of ['--browser', '--no-open', '--port', '--data-dir', '--demo', '--demo-speed', '--help'])
    expect(FLAG_HELP).toContain(`  ${flag}`);
});
