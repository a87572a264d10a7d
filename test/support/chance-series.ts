import { type Outcome, type Random, randomOf, stationaryInterval } from '#domain/evidence/bootstrap.ts';
import type { StudyTerms } from '#domain/evidence/question.ts';
import { signalOf } from '#domain/evidence/signal-events.ts';
import { study } from '#domain/evidence/study.ts';
import { type Tape, tapeOf } from '#domain/evidence/tape.ts';
import { HOUR_MS } from '#domain/time.ts';

/** Series of which the truth is known: what intervals and verdicts of the evidence are held against. */

const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const AUTOCORRELATION = 0.3;
const LEAST_BLOCK_H = 72;

/** Outcomes with a mean of 0 and an autocorrelation of 0.3, a day apart. */
export function outcomesOf(seed: number, n: number): Outcome[] {
  const random = randomOf(seed, 0);
  let value = gauss(random) / Math.sqrt(1 - AUTOCORRELATION ** 2);
  return Array.from({ length: n }, (_, i) => {
    value = AUTOCORRELATION * value + gauss(random);
    return { at: i * 24 * HOUR_MS, value };
  });
}

/** Share of series whose 95 % interval holds the true mean. */
export function coverageOf(series: number, n: number, draws: number): number {
  let held = 0;
  for (let seed = 0; seed < series; seed++) {
    const interval = stationaryInterval(outcomesOf(seed, n), LEAST_BLOCK_H, draws, randomOf(seed, 1));
    if (interval !== null && interval.low <= 0 && interval.high >= 0) held++;
  }
  return held / series;
}

/** Two years of a price that walks and of rates that say nothing of it. */
export function chanceTape(seed: number): Tape {
  const random = randomOf(seed, 2);
  const hours = 24 * 730;
  const close = new Float64Array(hours);
  const price = new Float64Array(hours);
  for (let h = 0, now = 100; h < hours; h++) {
    now *= Math.exp(0.006 * gauss(random));
    close[h] = h * HOUR_MS;
    price[h] = now;
  }
  const rows = Math.floor(hours / 8);
  const time = Float64Array.from({ length: rows }, (_, i) => 8 * i * HOUR_MS);
  const rate = Float64Array.from(time, () => 0.0002 * gauss(random));
  const mark = Float64Array.from(time, (_, i) => price[8 * i] ?? NaN);
  const settled = { time, rate, intervalH: new Float64Array(rows).fill(8), mark };
  return tapeOf(
    { id: 'v:X', contract: 'linear', settled, prices: { close, price }, formulaChanges: [], delistedAt: NaN },
    close.at(-1) ?? 0,
  );
}

/** A rule of chance over chance: how many of them are called paid. */
export function paidByChance(rules: number, { draws, shifts }: Pick<StudyTerms, 'draws' | 'shifts'>): number {
  let paid = 0;
  let tape = chanceTape(0);
  for (let rule = 0; rule < rules; rule++) {
    if (rule % 10 === 0) tape = chanceTape(rule);
    const random = randomOf(rule, 4);
    // Values that stay for a while, as metrics do.
    let value = 0;
    const values = Array.from({ length: Math.floor(tape.hours / 8) }, (_, i) => {
      value = 0.8 * value + gauss(random);
      return { time: 8 * i * HOUR_MS, value, periodMs: 8 * HOUR_MS };
    });
    const to = (tape.hours - 1) * HOUR_MS;
    const conditions = [{ op: 'outside', level: 1 + 2 * random() }] as const;
    const signal = signalOf({ conditions, k: 1, by: 'rows', rows: [values], from: -Infinity, to, closedTo: to, events: 'entries' });
    const hours = [8, 24, 72][rule % 3] ?? 24;
    const answer = study([{ tape, signal, windowMs: 0 }], {
      events: 'entries',
      side: rule % 2 === 0 ? 'against' : 'with',
      exit: { on: 'horizon', hours },
      delayH: 0,
      // Without costs: with them hardly any would be.
      costBp: 0,
      funding: 'next',
      seed: rule,
      draws,
      shifts,
      tries: 1,
      size: 'fixed',
      capital: 10_000,
      exposure: 1,
    });
    if (answer.verdict === 'paid') paid++;
  }
  return paid;
}
