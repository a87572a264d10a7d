import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { ageFault } from '../../build/electron-age.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
const { scripts, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly needs?: string;
  readonly permissions: Record<string, string>;
  readonly steps: readonly Step[];
  readonly 'timeout-minutes': number;
}
interface Workflow {
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}
const document = parseDocument(text, { strict: true, uniqueKeys: true });
const workflow = document.toJS() as Workflow;
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);

/** What a line calls of npm: its script, or the package whose program npx runs. */
const calledIn = (run: string): string[] =>
  [...run.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)|\bnpx ([\w@/-]+)/gu)].map((match) => match[1] ?? `npx ${match[2] ?? ''}`);
const OF_NPM_ITSELF = new Set(['ci', 'audit', 'test']);

describe('the release workflow (only its text is seen here: it runs on GitHub)', () => {
  test('is YAML without a fault', () => {
    expect([...document.errors, ...document.warnings].map(({ message }) => message)).toEqual([]);
    expect(Object.keys(workflow.jobs)).toEqual(['check', 'package', 'publish']);
  });

  test('takes every action by the hash of its commit', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(7);
    expect(used.filter((uses) => !/^actions\/[\w-]+@[0-9a-f]{40}$/u.test(uses))).toEqual([]);
  });

  test('gives a job no right but what it needs, and no key to the checked-out folder', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]))).toEqual({
      check: { contents: 'read' },
      package: { contents: 'read' },
      publish: { contents: 'write', 'id-token': 'write', attestations: 'write' },
    });
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(jobs.map(() => false));
    expect(jobs.every((job) => job['timeout-minutes'] <= 120)).toBe(true);
  });

  test('gives a secret to the one step that needs it, and never writes an expression into a command', () => {
    const withSecrets = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.'));
    expect(withSecrets).toHaveLength(2);
    expect(steps.filter(({ run }) => run?.includes('${{') === true)).toEqual([]);
  });

  test('calls no command that is not here', () => {
    const called = [...new Set(steps.flatMap(({ run }) => calledIn(run ?? '')))];
    expect(called).toEqual(expect.arrayContaining(['package', 'fuses', 'package:cli', 'release:notice', 'npx vitest']));
    const missing = called.filter((name) => {
      if (name === 'npx playwright') return devDependencies['@playwright/test'] === undefined;
      if (name.startsWith('npx ')) return devDependencies[name.slice(4)] === undefined;
      return !OF_NPM_ITSELF.has(name) && scripts[name] === undefined;
    });
    expect(missing).toEqual([]);
    const files = steps.flatMap(({ run }) =>
      [...(run ?? '').matchAll(/(?:node|vitest run) ((?:node_modules|build|test)[\w./-]*)/gu)].map((match) => match[1] ?? ''),
    );
    expect(files).toContain('test/desktop');
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('says in docs/releasing.md of each of its jobs that it was not run', () => {
    const page = readFileSync(join(root, 'docs/releasing.md'), 'utf8');
    const [, notSeen = ''] = page.split('## Not seen yet');
    expect(Object.keys(workflow.jobs).filter((name) => !notSeen.includes(`\`${name}\``))).toEqual([]);
  });
});

test.each([
  ['45.4.1', '45.4.1', null],
  ['45.4.1', '47.0.0', null],
  ['45.4.1', '48.0.0', /is 3 majors behind 48\.0\.0/u],
  ['45.4.1', 'nothing', /is no version/u],
])('Electron is one of the newest three majors: %s beside %s', (installed, newest, fault) => {
  const said = ageFault(installed, newest);
  if (fault === null) expect(said).toBeNull();
  else expect(said).toMatch(fault);
});
