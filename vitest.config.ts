import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, by its measured time; `npm test` prints it. */
const LONGEST = [
  'desktop/life',
  'unit/cli/collect',
  'unit/node/beside',
  'unit/bench',
  'desktop/trust',
  'unit/node/beside-process',
  'unit/core/as-of',
  'unit/core/read/past-screen',
  'unit/core/read/live',
  'unit/node/demo/books',
  'unit/node/demo/venues',
  'unit/node/history/kill',
  'unit/core/read/metrics/metrics',
  'unit/core/read/metrics/after-gap',
  'unit/core/collect/lost-rows',
  'contract/history',
].map((name) => `/test/${name}.test.ts`);

/** What tests values in its own process: sums, parsers, words, the core on a fake clock, and files in folders of their own. */
const INSIDE = [
  'test/unit/{domain,bridge,core,renderer}/**/*.test.ts',
  'test/unit/node/{demo,history,person,venues}/**/*.test.ts',
  'test/contract/**/*.test.ts',
];

/** The longest files begin first: begun last, one of them alone would be the end of the run. A fresh clone knows no times of an earlier run. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      // Then those of one kind together: a worker that goes from one kind to the other begins anew.
      return at >= 0 ? at : LONGEST.length + Number(project.name === 'outside');
    };
    return others.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      // Nothing here changes the process it runs in: a worker loads the sources once and takes file after file, in half of the time.
      { extends: true, test: { name: 'inside', include: INSIDE, isolate: false } },
      { extends: true, test: { name: 'outside', include: ['test/{unit,contract,arch,desktop,build}/**/*.test.ts'], exclude: INSIDE } },
    ],
    // A core stays free otherwise: of two that is half of the time.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // For every app that a test starts, in this process or as its child.
    env: { PERPSCOPE_LOOPBACK_ONLY: '1' },
    // Of what hangs, not of what is slow: a machine may be ten times as busy as the one on which a test was written.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 240_000 } },
  },
});
