/** What every bench does the same way: `npm run bench` prints what they tell, one line each. */

/** Numbers in -0.5 to 0.5, the same at every run. */
export const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296 - 0.5;
  };
};

/** The best of several rounds, ms: what the work takes where nothing else runs. Processor time is counted in steps of 4 ms here. */
export function timed(work: () => unknown, rounds: number): number {
  let best = Infinity;
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    work();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

/** Ms of this thread's processor time: for work that is many times as long as its steps. */
export function ofThread(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

export const inMs = (value: number): string => `${value.toFixed(1)} ms`;

/** One line of a bench: what and how much. */
export const tell = (what: string, figure: string): void => {
  console.log(`${what.padEnd(70)} ${figure}`);
};

const ROWS = 8760;
/** At a stretch: one is too short for the clock. */
const YEARS = 50;
/** D of a year of hours by a loop over typed arrays that knows of no gap, no reason and no warm-up: a measure of this machine. */
export function bareYear(): number {
  const next = random(11);
  const f = Float64Array.from({ length: ROWS }, () => 1e-5 * next());
  const years = (): void => {
    for (let i = 0; i < YEARS; i++) bareEma(f, 12);
  };
  return timed(years, 20) / YEARS;
}

/** The average before each point and the distance from it, one pass. */
export function bareEma(points: Float64Array, n: number): readonly [Float64Array, Float64Array] {
  const ema = new Float64Array(points.length);
  const d = new Float64Array(points.length);
  const alpha = 2 / (n + 1);
  let value = points[0] ?? NaN;
  for (let i = 0; i < points.length; i++) {
    const x = points[i]!;
    ema[i] = value;
    d[i] = x - value;
    value += alpha * (x - value);
  }
  return [ema, d];
}
