import { StudyRun } from '#domain/evidence/study.ts';
import { studiedOf, tapeOfHistory } from '#domain/evidence/studied.ts';
import type { StudyTerms } from '#domain/evidence/question.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { hourFrame } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { HOUR_MS } from '#domain/time.ts';
import { bareEma, inMs, ofThread, random, tell, timed } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/** Evidence of one rule over many instruments of a year each, with the draws and shifts that an answer takes: laid out, walked, studied. */
const INSTRUMENTS = isShort ? 20 : 500;
const HOURS = 8760;
const START = Date.UTC(2025, 0, 1);
const GOAL_MS = 10_000;

const next = random(3);
const close = Float64Array.from({ length: HOURS }, (_, h) => START + h * HOUR_MS);
const key = close.filter((_, h) => h % 8 === 0);
const none = (of: Float64Array): Float64Array => new Float64Array(of.length).fill(NaN);
const market = () => {
  let price = 100;
  const mark = close.map(() => (price *= 1 + 0.02 * next()));
  let rate = 0;
  const rates = key.map(() => (rate = 0.8 * rate + 0.0003 * next()));
  return {
    settled: { key, rate: rates, intervalH: key.map(() => 8), mark: none(key), index: none(key) },
    hours: {
      close,
      observedAt: close,
      rate: none(close),
      intervalH: none(close),
      mark: none(close),
      index: none(close),
      openInterest: none(close),
      premium: none(close),
      coverage: new Float64Array(HOURS),
    },
    prices: { close, mark, index: mark },
  };
};
const metric = findMetric('ema-divergence');
if (metric === undefined) throw new Error('there is no ema-divergence');
const conditions = [{ metric, params: resolveParams(metric.params, {}), op: 'outside', level: 0.00002, release: 0.8 }] as const;
const terms: StudyTerms = {
  events: 'entries',
  side: 'against',
  exit: { on: 'horizon', hours: 24 },
  delayH: 0,
  costBp: 5,
  funding: 'next',
  seed: 1,
  draws: 2000,
  shifts: 1000,
  tries: 1,
  size: 'fixed',
  capital: 10_000,
  exposure: 1,
};
const to = close.at(-1) ?? 0;

let events = 0;
const ms = ofThread(() => {
  const run = new StudyRun(terms);
  for (let i = 0; i < INSTRUMENTS; i++) {
    const of = market();
    const instrument: FrameInstrument = {
      id: `v:${i}`,
      venue: 'v',
      asset: `A${i}`,
      contract: 'linear',
      multiplier: 1,
      money: 'USDT',
      formula: null,
    };
    const hour = hourFrame(instrument, of, null, to);
    const history = { hour, settlement: settlementFrame(instrument, of), delistedAt: NaN, rows: [{ frame: hour, barMs: HOUR_MS }] };
    run.add(
      studiedOf(history, tapeOfHistory(history, to), {
        conditions,
        k: 1,
        events: 'entries',
        from: -Infinity,
        to,
        closedTo: to,
        nearSettlementMin: null,
      }),
    );
  }
  events = run.answer().trades.length;
});
const bare = timed(() => bareEma(close, 12), 20) * INSTRUMENTS;
tell(
  `evidence of a rule, ${INSTRUMENTS} instruments x 1 year, ${events} events, 2,000 draws, 1,000 shifts`,
  `${inMs(ms)} of a core (goal ${inMs(GOAL_MS)}), ${(ms / bare).toFixed(0)} x bare averages of the hours; at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory`,
);
