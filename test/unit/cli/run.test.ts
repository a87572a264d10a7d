import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';

const size = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: 10_000,
  risk: 0.01,
  entry: 100,
  stop: 95,
  targets: [110],
  leverage: 10,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  lotStep: 0.001,
  maintenance: { kind: 'flat', rate: 0.005 },
  quote: 'USDT',
  base: 'SOL',
};
interface Printed {
  problems: { field: string; wrong: string; right: string }[];
  figures: Record<string, { value: string | null; formula: string; worked: string; inputs: Record<string, string> }>;
  [more: string]: unknown;
}

async function ask(args: string[], input: unknown = null): Promise<{ code: number; out: string; err: string; json: () => Printed }> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    read: () => Promise.resolve(typeof input === 'string' ? input : JSON.stringify(input)),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err, json: () => (JSON.parse(out) as { data: Printed }).data };
}

test('a cross position asks for no leverage, an isolated one does', async () => {
  const { maintenance } = size;
  const input = { contract: 'linear', side: 'long', entry: 100, contracts: 10, equity: 500, maintenance };
  const cross = await ask(['liquidation', '--json'], { ...input, margin: 'cross' });
  expect(cross.json().problems).toEqual([]);
  expect(Number(cross.json().figures['liquidation']?.value)).toBeCloseTo(500 / (10 * 0.995), 9);
  const isolated = await ask(['liquidation', '--json'], { ...input, margin: 'isolated' });
  expect(isolated.json().problems.map(({ field }) => field)).toEqual(['leverage']);
});

describe('each calculator prints every output with its formula', () => {
  const leg = {
    kind: 'perp',
    price: 100,
    feeIn: 0.0005,
    feeOut: 0.0005,
    lotStep: 0.01,
    leverage: 5,
    intervalH: 8,
    nextFundingAt: 3_600_000,
  };
  test.each([
    ['size', size, 'quantity', '19.468'],
    ['size', { ...size, risk: null, contracts: 20 }, 'riskShare', '0.010273'],
    ['profit', { ...size, contracts: 10, exit: 110 }, 'net', '98.53'],
    ['liquidation', { ...size, contracts: 1 }, 'liquidation', '90.452261306532663317'],
    [
      'funding',
      { side: 'short', notional: 1000, rate: 0.0001, intervalH: 8, openAt: 0, nextFundingAt: 8 * 3_600_000, holdH: 24 },
      'paid',
      '-0.3',
    ],
    [
      'carry',
      { long: { ...leg, rate: 0 }, short: { ...leg, rate: 0.001 }, quantity: 1, openAt: 0, holdH: 24, history: [1e-6, null, -1e-6] },
      'net',
      '0.1',
    ],
  ])('%s', async (name, input, figure, value) => {
    const fields = new Set(Object.keys((await schemaOf(name)).properties));
    const known = Object.fromEntries(Object.entries(input).filter(([field]) => fields.has(field)));
    const { code, json } = await ask([name, '--json'], known);
    const { problems, figures } = json();
    expect(problems).toEqual([]);
    expect(code).toBe(0);
    expect(figures[figure]?.value).toBe(value);
    expect(figures[figure]?.worked).not.toBe('');
    expect(Object.keys(figures[figure]?.inputs ?? {}).length).toBeGreaterThan(1);
  });
});

const schemaOf = async (name: string) =>
  JSON.parse((await ask([name, '--schema'])).out) as { properties: Record<string, { description?: string }> };

test('--schema prints what it takes', async () => {
  const { properties } = await schemaOf('size');
  expect(properties['risk']?.description).toBe('share of equity to risk: 1 % is 0.01 (needed)');
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(['entry', 'stop', 'lotStep', 'maintenance', 'book']));
});

describe('bad input', () => {
  test('a missing field is named, with what would be right', async () => {
    const { code, json } = await ask(['size', '--json'], { ...size, entry: undefined });
    expect(code).toBe(1);
    expect(json().problems).toContainEqual({
      field: 'entry',
      wrong: 'Missing.',
      right: 'Enter a price above 0, such as 64250.5.',
    });
    expect(json().figures['quantity']?.value).toBeNull();
  });

  test('a field that does not exist, and a wrong word', async () => {
    const { code, json } = await ask(['size', '--json'], { ...size, side: 'up', price: 3 });
    expect(code).toBe(1);
    expect(json().problems.map((problem) => problem.field)).toEqual(['side', 'price']);
    expect(json().problems[1]?.wrong).toBe('There is no such field.');
    expect(json().figures).toEqual({});
  });

  test('no JSON, no calculator, an unknown flag', async () => {
    expect(await ask(['size'], '{')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Standard input cannot be read as JSON') as string,
    });
    expect(await ask(['sise'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no command "sise". Did you mean size?') as string,
    });
    expect(await ask([])).toMatchObject({ code: 2, err: expect.stringContaining('No command is named.') as string });
    expect(await ask(['size', '--jsn'])).toMatchObject({ code: 2, err: expect.stringContaining('--jsn') as string });
    expect(await ask(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage') as string });
  });
});

test('long numbers stay what was typed', async () => {
  const text = JSON.stringify(size).replace('"entry":100', '"entry":100.0000000000000001');
  expect((await ask(['size', '--json'], text)).json().figures['lossPerUnit']?.inputs['entry']).toBe('100.0000000000000001');
});

test('for a person: a line per figure', async () => {
  const { out, code } = await ask(['size'], size);
  expect(code).toBe(0);
  expect(out).toMatch(/^quantity +19\.468 SOL +19\.468 × 1 = 19\.468$/mu);
  expect(out).toMatch(/^bound: risk$/mu);
  expect((await ask(['size'], { ...size, stop: 105 })).out).toMatch(/^stop: The stop 105 is on the wrong side/mu);
});

test('the command itself, from standard input and from a file', async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const command = promisify(execFile);
  const folder = await mkdtemp(join(tmpdir(), 'perpscope-cli-'));
  try {
    const file = join(folder, 'inputs.json');
    await writeFile(file, JSON.stringify(size));
    const fromFile = await command(process.execPath, ['src/cli/index.ts', 'size', file, '--json'], { cwd: root });
    const piped = command(process.execPath, ['src/cli/index.ts', 'size', '--json'], { cwd: root });
    piped.child.stdin?.end(JSON.stringify(size));
    expect((await piped).stdout).toBe(fromFile.stdout);
    expect((JSON.parse(fromFile.stdout) as { data: Printed }).data.figures['lossAtStop']?.value).toBe('99.997382');
    await expect(command(process.execPath, ['src/cli/index.ts', 'size', join(folder, 'none.json')], { cwd: root })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none.json') as string,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a reader that has had enough ends it without a stack', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `${Date.UTC(2026, 0, 1) + i * 3_600_000},0.0001,1`);
  const folder = await mkdtemp(join(tmpdir(), 'perpscope-cli-'));
  try {
    const file = join(folder, 'settlements.csv');
    await writeFile(file, `ts_ms,rate,interval_h\n${rows.join('\n')}\n`);
    const child = spawn(process.execPath, ['src/cli/index.ts', 'metrics', '--file', file, '--metric', 'funding', '--json'], {
      cwd: resolve(import.meta.dirname, '../../..'),
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    await once(child, 'close');
    expect(errors).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
