import { expect, test } from 'vitest';
import { CancelledError, type Command, runCommand } from '../../../src/cli/command.ts';
import { run } from '../../../src/cli/run.ts';
import { UsageError } from '../../../src/cli/usage.ts';

const CSV = ['ts_ms,rate,interval_h', ...[1, 2, 3].map((n) => `${Date.UTC(2026, 0, 1, 8 * n)},0.000${n},8`)].join('\n');

function io(text = '') {
  const said = { out: '', err: '' };
  return {
    said,
    read: () => Promise.resolve(text),
    out: (line: string) => void (said.out += `${line}\n`),
    err: (line: string) => void (said.err += `${line}\n`),
  };
}

const answering = (answer: () => unknown): Command => ({ name: 'thing', help: 'HELP', run: () => Promise.resolve({ data: answer() }) });

test.each([
  ['rows', ['metrics', '--file', 'a.csv', '--metric', 'settled-rate'], CSV],
  ['a list', ['metrics', '--list'], ''],
  ['a study', ['evidence', '--file', 'a.csv', '--metric', 'settled-rate', '--level', '0.0002', '--exit', '8h'], CSV],
  ['figures', ['size'], '{}'],
  ['a refusal', ['metrics'], ''],
])('one envelope for --json: %s', async (_what, args, text) => {
  const to = io(text);
  const code = await run([...args, '--json'], to);
  const said = JSON.parse(to.said.out) as Record<string, unknown>;
  expect(Object.keys(said)).toEqual(['command', 'ok', 'exit', 'error', 'notes', 'data']);
  expect(said).toMatchObject({ command: args[0], exit: code, ok: code === 0 });
  if (code !== 0) expect(to.said.err).toContain(said['error']);
});

test('--fields picks columns of rows, and parts of an answer by their path', async () => {
  const to = io(CSV);
  await run(['metrics', '--file', 'a.csv', '--metric', 'settled-rate', '--fields', 'value'], to);
  expect((JSON.parse(to.said.out) as { data: unknown }).data).toEqual([{ value: 0.0001 }, { value: 0.0002 }, { value: 0.0003 }]);
  const nested = io();
  await runCommand(
    answering(() => ({
      n: 2,
      trades: [
        { net: 1, at: 5 },
        { net: NaN, at: 6 },
      ],
      by: { year: { a: 1 } },
      none: [],
    })),
    ['--fields=trades.net,by.year,none.x'],
    nested,
  );
  expect((JSON.parse(nested.said.out) as { data: unknown }).data).toEqual({
    trades: [{ net: 1 }, { net: null }],
    by: { year: { a: 1 } },
    none: [],
  });
});

test('a field that is not there names those that are, before and behind a point', async () => {
  for (const [field, right] of [
    ['valu', 'There are time, value.'],
    ['value.x', 'value has no parts.'],
    ['', '--fields takes names'],
  ] as const) {
    const to = io();
    expect(
      await runCommand(
        answering(() => [{ time: 1, value: 2 }]),
        ['--fields', field],
        to,
      ),
    ).toBe(2);
    expect(to.said.err).toContain(right);
    expect(JSON.parse(to.said.out)).toMatchObject({ ok: false, exit: 2, data: null });
  }
});

test('what went wrong becomes a sentence and a code; a fault of the program stays one', async () => {
  const failing = (error: Error) => {
    const to = io();
    const command = answering(() => {
      throw error;
    });
    return { to, code: runCommand(command, [], to) };
  };
  const told = failing(new UsageError('Say which file.'));
  expect([await told.code, told.to.said.err, told.to.said.out]).toEqual([2, 'Say which file.\n', '']);
  expect(await failing(new CancelledError('Nothing was written.')).code).toBe(130);
  await expect(failing(new TypeError('x is undefined')).code).rejects.toThrow('x is undefined');
});

test('every command has help with an example and the exit codes', async () => {
  const to = io();
  await run(['--help'], to);
  const names = [...to.said.out.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gmu)].map(([, name = '']) => name);
  expect(names).toEqual(
    expect.arrayContaining(['size', 'carry', 'metrics', 'evidence', 'export', 'collect', 'check', 'backup', 'restore']),
  );
  for (const name of names) {
    const help = io();
    expect(await run([name, '--help'], help)).toBe(0);
    expect(help.said.out, name).toMatch(/\nExample.*\n?.*npm run -s perpscope -- /u);
    expect(help.said.out, name).toContain('Exit code: 0');
    expect(help.said.out, name).toContain(`perpscope -- ${name}`);
  }
});
