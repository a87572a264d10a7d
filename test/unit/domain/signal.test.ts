import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND_RUNNING, KIND_STEP } from '#domain/series.ts';
import { REARM } from '#domain/rule.ts';
import { DEFAULT_PARAMS, Signal, signalWords, type SignalParams } from '#domain/signal.ts';
import { replaySignals } from '#test/support/replay.ts';

const THETA = 0.0005;
interface Period {
  readonly d: number;
  readonly kind?: number;
  readonly observation?: number;
}

const replay = (periods: readonly Period[], params: Partial<SignalParams> = {}, neutral: number | null = null) => {
  const d = Float64Array.from(periods, (period) => period.d);
  const series = {
    time: Float64Array.from(periods, (_, i) => i),
    f: d,
    kind: Uint8Array.from(periods, (period) => period.kind ?? KIND_RUNNING),
    observation: Float64Array.from(periods, (period, i) => period.observation ?? i),
  };
  return replaySignals(series, d, { ...DEFAULT_PARAMS, ...params }, new Float64Array(d.length).fill(neutral ?? NaN));
};
/** One period per letter: A at theta, F fading, L just below fading; capitals above the band, small ones below; . zero, _ gap. */
const sizes: Readonly<Record<string, number>> = { A: THETA, B: 3 * THETA, F: 0.9 * THETA, E: REARM * THETA, L: 0.79 * THETA };
const periods = (letters: string): Period[] =>
  Array.from(letters, (letter) => {
    if (letter === '_') return { d: NaN };
    const size = sizes[letter.toUpperCase()] ?? 0;
    return { d: letter === letter.toLowerCase() ? -size : size };
  });
/** The phase after each period, by its first letter. */
const phases = (letters: string, k = 3): string => {
  const signal = new Signal({ theta: THETA, k });
  return periods(letters)
    .map(({ d }, i) => {
      signal.close(i, d, d, KIND_RUNNING, i);
      return signal.state.phase.charAt(0);
    })
    .join('');
};
const entries = (letters: string, k = 3): number[] => replay(periods(letters), { k }).entries.map((entry) => entry.at);

test('a period on a threshold counts whatever the last digits of its float are', () => {
  const signal = new Signal({ theta: THETA, k: 1 });
  // Less by their last digits: 0.0005 and 0.0004 in decimals.
  const [on, rearm] = [0.0006 - 0.0001, 0.0014 - 0.001];
  expect(on).toBeLessThan(THETA);
  expect(rearm).toBeLessThan(REARM * THETA);
  signal.close(0, on, on, KIND_RUNNING, 0);
  expect(signal.phase).toBe('active');
  signal.close(1, rearm, rearm, KIND_RUNNING, 1);
  expect(signal.phase).toBe('fading');
});

describe('phases', () => {
  test.each([
    ['AAA', 'bba', 'active at the third period in a row'],
    ['AA.AAA', 'bbqbba', 'one quiet period and it counts from one'],
    ['AAFAAA', 'bbqbba', 'building does not fade'],
    ['AAAFEAB', 'bbaffaa', 'fading down to 0.8 theta, and back'],
    ['AAALAAA', 'bbaqbba', 'over below 0.8 theta'],
    ['AAA_AAA', 'bbaqbba', 'over at a gap'],
    ['AAAaaa', 'bbabba', 'a change of side counts with its own period'],
    ['AAAfaaa', 'bbaqbba', 'a change of side below theta counts nothing'],
    ['AAaaa', 'bbbba', 'a change of side while building'],
    ['AAA.', 'bbaq', 'zero is on no side'],
    ['FFFF', 'qqqq', 'fading is only for what was active'],
    ['___AAA', 'qqqbba', 'nothing before the warm-up ends'],
    ['bbbff', 'bbaff', 'the same below the band'],
  ])('%s is %s: %s', (letters, expected) => {
    expect(phases(letters)).toBe(expected);
  });

  test('k = 1 is active at once, on either side', () => {
    expect(phases('AFaL', 1)).toBe('afaq');
    expect(entries('AFaL', 1)).toEqual([0, 2]);
  });

  test('a run is entered once, however often it fades', () => {
    expect(entries('AAAFAFAEBAAA')).toEqual([2]);
    expect(entries('AAALAAA')).toEqual([2, 6]);
    expect(entries('AAAaaaAAA')).toEqual([2, 5, 8]);
  });

  test('what stands after the last period', () => {
    expect(replay(periods('AAAAF'), {}, 0).state).toEqual({
      phase: 'fading',
      side: 1,
      periods: 5,
      enteredAt: 2,
      observations: 3,
      running: 3,
      crowded: true,
    });
    expect(replay(periods('AAA_')).state).toEqual({
      phase: 'quiet',
      side: 0,
      periods: 0,
      enteredAt: null,
      observations: 0,
      running: 0,
      crowded: false,
    });
  });
});

describe('desk reference: at +0.06 %/h lean short, at -0.07 %/h long', () => {
  test.each([
    [0.0006, 1, 'short bias'],
    [-0.0007, -1, 'long bias'],
  ] as const)('D = %d', (d, side, words) => {
    const { entries } = replay([{ d }, { d }, { d }]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ at: 2, side, d });
    expect(signalWords(side, d, null)).toBe(words);
  });
});

describe('what stands behind an entry', () => {
  test('three closes of one step are one settlement', () => {
    const step: Period = { d: THETA, kind: KIND_STEP, observation: 7 };
    expect(replay([step, step, step]).entries[0]).toMatchObject({ observations: 1, running: 0 });
  });

  test('kinds are told apart, and a step that comes back is not counted twice', () => {
    const step: Period = { d: THETA, kind: KIND_STEP, observation: 7 };
    const running: Period = { d: THETA, kind: KIND_RUNNING, observation: 8 };
    expect(replay([step, running, step]).entries[0]).toMatchObject({ observations: 2, running: 1 });
  });

  test('a settlement counts in each run that rests on it', () => {
    const step: Period = { d: THETA, kind: KIND_STEP, observation: 7 };
    const { entries } = replay([step, step, step, { d: NaN }, step, step, step]);
    expect(entries.map((entry) => entry.observations)).toEqual([1, 1]);
  });

  test('what comes after the entry, or came before the run, does not count', () => {
    const { state } = replay([{ d: THETA }, { d: 0 }, { d: THETA }, { d: THETA }, { d: THETA }, { d: THETA }]);
    expect(state).toMatchObject({ phase: 'active', periods: 4, enteredAt: 4, observations: 3, running: 3 });
  });
});

describe('words', () => {
  const neutral = 0.0000125;
  test.each([
    [1, 0.0001, 'longs crowded'],
    [1, neutral, 'shorts easing'],
    [1, -0.0001, 'shorts easing'],
    [-1, -0.0001, 'shorts crowded'],
    [-1, 0, 'shorts crowded'],
    [-1, neutral, 'longs easing'],
    [-1, 0.0001, 'longs easing'],
  ] as const)('side %i at f = %d: %s', (side, f, words) => {
    expect(signalWords(side, f, neutral)).toBe(words);
  });

  test.each([1, 2, 3, 4, 6, 8, 12, 24])('at rest over %i h unobserved crowds, whatever the last digits of a float are', (intervalH) => {
    const rest = Number((0.0000125 * intervalH).toFixed(8));
    expect([1 as const, -1 as const].map((side) => signalWords(side, rest / intervalH, 0.0001 / 8))).toEqual([
      'shorts easing',
      'longs easing',
    ]);
  });

  test('crowded follows f at the last close, and needs a known neutral', () => {
    const d = THETA;
    const close = (f: number, neutralPerHour: number | null): boolean => {
      const signal = new Signal({ theta: THETA, k: 1 });
      signal.close(0, d, 1, KIND_RUNNING, 0);
      signal.close(1, d, f, KIND_RUNNING, 1, neutralPerHour);
      return signal.state.crowded;
    };
    expect(close(0.0001, neutral)).toBe(true);
    expect(close(0.00001, neutral)).toBe(false);
    expect(close(0.0001, null)).toBe(false);
  });
});

describe('any run of periods', () => {
  const letters = fc.array(fc.constantFrom(...Array.from('AAABFELaabfel._')), { maxLength: 80 }).map((list) => list.join(''));

  test('is entered where a pattern of letters says', () => {
    fc.assert(
      fc.property(letters, fc.integer({ min: 1, max: 5 }), (text, k) => {
        const runs = text.matchAll(new RegExp(`[AB]{${k}}[ABFE]*|[ab]{${k}}[abfe]*`, 'gu'));
        expect(entries(text, k)).toEqual([...runs].map((run) => run.index + k - 1));
      }),
    );
  });

  test('gives the same at every prefix', () => {
    fc.assert(
      fc.property(letters, fc.nat(80), fc.integer({ min: 1, max: 5 }), (text, cut, k) => {
        const whole = replay(periods(text), { k });
        const prefix = replay(periods(text.slice(0, cut)), { k });
        expect(prefix.entries).toEqual(whole.entries.filter((entry) => entry.at < cut));
        for (const [i, { d }] of periods(text).entries()) if (i >= cut) prefix.signal.close(i, d, d, KIND_RUNNING, i);
        expect(prefix.signal.state).toEqual(whole.state);
      }),
    );
  });
});

test.each([
  { theta: 0, k: 3 },
  { theta: NaN, k: 3 },
  { theta: THETA, k: 0 },
  { theta: THETA, k: 1.5 },
])('%o is refused', (params) => {
  expect(() => new Signal(params)).toThrow(RangeError);
});
