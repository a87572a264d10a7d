import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCollectArgs } from '../../src/cli/collect-args.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const dir = mkdtempSync(join(tmpdir(), 'perpscope-unit-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const unit = readFileSync(join(docs, 'desk-collector.service'), 'utf8');
const container = readFileSync(join(docs, 'desk-collector.Containerfile'), 'utf8');
const STORE = 'postgres://perpscope_writer@db.example:5432/perpscope';
const PROGRAM = '/opt/perpscope/perpscope';

test('what the unit and the container start is a command that there is', () => {
  const [program = '', command = '', ...args] = (/^ExecStart=(.+)$/mu.exec(unit)?.[1] ?? '')
    .replace('${STORE}', STORE)
    .replace('${STATE_DIRECTORY}', '/var/lib/perpscope')
    .split(' ');
  expect([program, command]).toEqual([PROGRAM, 'collect']);
  const shared = { store: STORE, everything: true, dataDir: '/var/lib/perpscope', durationMs: null };
  expect(readCollectArgs(args, [], [])).toMatchObject({ ...shared, figures: { host: '127.0.0.1', port: 9464 } });
  const [inside, verb, ...given] = JSON.parse(/^ENTRYPOINT (.+)$/mu.exec(container)?.[1] ?? '[]') as readonly string[];
  expect([inside, verb]).toEqual([PROGRAM, 'collect']);
  expect(readCollectArgs([...given, '--store', STORE], [], [])).toMatchObject({ ...shared, figures: null });
  // A password is neither in the unit nor in the image: what a process was started with everyone can read.
  for (const text of [unit, container]) expect(text.replaceAll(/^#.*$/gmu, '')).not.toMatch(/password/iu);
});

const analyze = '/usr/bin/systemd-analyze';
if (!existsSync(analyze)) console.warn(`SKIPPED: ${analyze} is not here: the unit is not verified.`);

test.skipIf(!existsSync(analyze))('systemd takes the unit without a word', () => {
  const program = join(dir, 'perpscope');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  const verified = (text: string): string => {
    const file = join(dir, 'perpscope-collector.service');
    writeFileSync(file, text.replace(PROGRAM, program));
    const { status, stderr } = spawnSync(analyze, ['verify', '--man=no', '--recursive-errors=no', file], { encoding: 'utf8' });
    return `${status} ${stderr.trim()}`;
  };
  expect(verified(unit)).toBe('0 ');
  expect(verified(unit.replace('RestartSec=5', 'RestartSec=soon'))).toMatch(/^1 .+Failed to parse sec value, ignoring: soon$/u);
});
