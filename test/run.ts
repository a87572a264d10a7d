/**
 * Everything that a change must pass, in one command (`npm test`). Ends with the line `N passed, N failed`, which adds
 * up every runner; a check counts as one, and a runner that crashed counts as failed. `npm test -- lint unit` runs parts.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { homedir, tmpdir, totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { requireChromium } from './support/chromium.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}
interface Step {
  readonly name: string;
  readonly bin: string;
  readonly args: readonly string[];
  /** Where the runner writes its JSON report, and how it is counted; a step without one counts as one. */
  readonly report?: { readonly file: string; readonly count: (report: unknown) => Count };
  /** It takes minutes: it has a lane of its own. */
  readonly long?: boolean;
}

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'perpscope-test-'));
const bin = (path: string): string => join(root, 'node_modules', path);
const report = (name: string): string => join(scratch, `${name}.json`);

/** What to shorten first. */
function tellSlowest(files: readonly { readonly name: string; readonly seconds: number }[]): void {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 12);
  for (const { name, seconds } of slowest) console.log(`   ${seconds.toFixed(0).padStart(4)} s  ${name}`);
}
const countVitest = (json: unknown): Count => {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = json as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numFailedTestSuites: number;
    testResults: { name: string; startTime: number; endTime: number; status: string; assertionResults: unknown[] }[];
  };
  tellSlowest(testResults.map(({ name, startTime, endTime }) => ({ name: relative(root, name), seconds: (endTime - startTime) / 1000 })));
  // A file that dies before its first test has no assertions: it counts as one failure.
  const dead = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: numPassedTests, failed: numFailedTests + Math.min(dead, numFailedTestSuites), skipped: numPendingTests };
};
interface Suite {
  readonly file: string;
  readonly suites?: readonly Suite[];
  readonly specs: readonly { readonly tests: readonly { readonly results: readonly { readonly duration: number }[] }[] }[];
}
const msOf = ({ specs, suites = [] }: Suite): number =>
  specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results)).reduce((ms, { duration }) => ms + duration, 0) +
  suites.reduce((ms, suite) => ms + msOf(suite), 0);
const countPlaywright = (json: unknown): Count => {
  const { stats, errors, suites } = json as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    errors: unknown[];
    suites: Suite[];
  };
  tellSlowest(suites.map((suite) => ({ name: `test/web/${suite.file}`, seconds: msOf(suite) / 1000 })));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
};

const steps: readonly Step[] = [
  { name: 'lint and types', bin: bin('oxlint/bin/oxlint'), args: ['.'] },
  { name: 'lint src/renderer', bin: bin('eslint/bin/eslint.js'), args: ['--max-warnings', '0', '.'] },
  { name: 'format', bin: bin('prettier/bin/prettier.cjs'), args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'types src/renderer',
    bin: bin('svelte-check/bin/svelte-check'),
    args: ['--tsconfig', 'src/renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  { name: 'unused', bin: bin('knip/bin/knip.js'), args: [] },
  { name: 'notices', bin: join(root, 'build/notices.ts'), args: ['--check'] },
  { name: 'build', bin: bin('electron-vite/bin/electron-vite.js'), args: ['build', '--logLevel', 'warn'] },
  {
    name: 'unit',
    long: true,
    bin: bin('vitest/vitest.mjs'),
    args: ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report('vitest')}`],
    report: { file: report('vitest'), count: countVitest },
  },
  {
    name: 'web',
    long: true,
    bin: bin('@playwright/test/cli.js'),
    args: ['test', '--reporter=line,json'],
    report: { file: report('playwright'), count: countPlaywright },
  },
];

/** A disk in memory where there is a large one: hundreds of apps keep their files in temporary folders, and each waits for its disk. */
function inMemory(): string | null {
  const disk = '/dev/shm';
  if (process.env['TMPDIR'] !== undefined || !existsSync(disk)) return null;
  const { bavail, bsize } = statfsSync(disk);
  if (bavail * bsize < 6 * 2 ** 30) return null;
  const folder = mkdtempSync(join(disk, 'perpscope-'));
  // As of any folder for temporary files: some tests read and write in it as another user.
  chmodSync(folder, 0o1777);
  return folder;
}
const temporary = inMemory();

/** The folder that a person's own Perpscope keeps, and a decoy in its place for every child. */
const realFolders = [
  join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Perpscope'),
  join(homedir(), 'Library', 'Application Support', 'Perpscope'),
  ...(process.env['APPDATA'] === undefined ? [] : [join(process.env['APPDATA'], 'Perpscope')]),
];
const fingerprint = (): string =>
  JSON.stringify(
    realFolders
      .filter((folder) => existsSync(folder))
      .map((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => {
          const { mtimeMs, size } = statSync(join(folder, file));
          return [file, mtimeMs, size];
        }),
      ),
  );

/** Resolves with the exit code. `held`: its words come in one piece once it ends, for others run beside it. */
function run(step: Step, env: NodeJS.ProcessEnv, held: boolean): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [step.bin, ...step.args], {
      cwd: root,
      env,
      stdio: ['ignore', held ? 'pipe' : 'inherit', held ? 'pipe' : 'inherit'],
    });
    const words: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => words.push(chunk));
    child.on('error', (error) => {
      console.error(error.message);
      done(1);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(words));
      done(code ?? 1);
    });
  });
}

function countStep(step: Step, code: number): Count {
  if (step.report === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if (!existsSync(step.report.file)) return { passed: 0, failed: 1, skipped: 0 };
  const count = step.report.count(JSON.parse(readFileSync(step.report.file, 'utf8')));
  const ranNothing = count.passed + count.failed === 0;
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : ranNothing ? { ...count, failed: count.failed + 1 } : count;
}

/** Of memory: what the checks, the tests and a browser need at once. */
const SIDE_BY_SIDE_BYTES = 6 * 2 ** 30;

/**
 * Groups one after another; in each, lanes side by side, and in a lane one step after another. The build is first: two runners
 * look at it. A browser's test waits more than it works, and a check has one core: together they keep the machine busy.
 */
function lanesOf(chosen: readonly Step[]): Step[][][] {
  const builds = chosen.filter(({ name }) => name === 'build');
  const runners = chosen.filter(({ long }) => long === true).map((step) => [step]);
  const checks = chosen.filter((step) => step.long !== true && !builds.includes(step));
  return totalmem() < SIDE_BY_SIDE_BYTES ? [[builds], [checks], ...runners.map((lane) => [lane])] : [[builds], [...runners, checks]];
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const chosen = steps.filter((step) => wanted.length === 0 || wanted.some((word) => step.name.startsWith(word)));
  if (chosen.length === 0) {
    console.error(`no such part: ${wanted.join(' ')}. Parts: ${steps.map((step) => step.name).join(', ')}`);
    return 2;
  }
  const decoy = join(scratch, 'home');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CHROMIUM_PATH: chosen.some(({ long }) => long === true) ? requireChromium() : '',
    XDG_CONFIG_HOME: decoy,
    APPDATA: decoy,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report('playwright'),
    FORCE_COLOR: '0',
    // Hundreds of commands and apps load the same sources: each is compiled once.
    NODE_COMPILE_CACHE: join(scratch, 'compiled'),
    ...(temporary === null ? {} : { TMPDIR: temporary }),
  };
  const before = fingerprint();
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  const failedSteps: string[] = [];
  const take = async (step: Step): Promise<void> => {
    const startedAt = Date.now();
    const code = await run(step, env, chosen.length > 1);
    const count = countStep(step, code);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    if (count.failed > 0) failedSteps.push(step.name);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`== ${step.name}: ${count.failed === 0 ? 'ok' : 'FAILED'} (${count.passed} passed, ${count.failed} failed, ${seconds} s)`);
  };
  const inTurn = async (lane: readonly Step[]): Promise<void> => {
    for (const step of lane) await take(step);
  };
  for (const lanes of lanesOf(chosen)) await Promise.all(lanes.map(inTurn));
  const untouched = before === fingerprint() && !existsSync(join(decoy, 'Perpscope'));
  total[untouched ? 'passed' : 'failed'] += 1;
  console.log(`== own data folder: ${untouched ? 'untouched' : 'FAILED: a test wrote to the folder of a person, not to its own'}`);
  if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main().finally(() => {
  for (const folder of [scratch, temporary]) if (folder !== null) rmSync(folder, { recursive: true, force: true });
});
