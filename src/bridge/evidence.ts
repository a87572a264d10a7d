import { z } from 'zod';
import { REARM, RULE_OPS } from '#domain/rule.ts';
import { recordedAsOf } from './as-of.ts';
import { instrumentIdText, metricChoice } from './settings.ts';

/** Did a rule pay: what is asked, and what is answered. Times of questions are epoch ms UTC, those of answers ISO; money in bp of the entry's notional. */

/** Longest hold and delay: a year. */
export const MOST_HOURS = 8784;

const percentile = z.strictObject({ percentile: z.number().gt(0).lt(100), days: z.int().min(1).max(3660) });
/** In the metric's own stored unit, or a percentile of what the metric was in the days before. */
export const studyLevel = z.union([z.number(), percentile]);

export const studyCondition = z
  .strictObject({
    choice: metricChoice,
    op: z.enum(RULE_OPS),
    level: studyLevel,
    /** Share of the level at which it lets go. */
    release: z.number().gt(0).max(1).default(REARM),
  })
  .refine(
    ({ op, level }) => op !== 'outside' || typeof level !== 'number' || level > 0,
    'A level that counts on both sides must be above 0.',
  )
  .refine(({ op, level }) => op !== 'is' || typeof level === 'number', 'A word has no percentile: choose one of the words.');
export type StudyCondition = z.infer<typeof studyCondition>;

const list = z.string().min(1).max(40);
/** Which instruments; `among`: the list that a metric over a basket compares the one within. */
export const studySet = z.union([
  z.strictObject({ instrument: instrumentIdText, among: list.nullable() }),
  z.strictObject({ list }),
  z.strictObject({ venue: z.string().min(1).max(40) }),
  z.strictObject({ everything: z.literal(true) }),
]);
export type StudySet = z.infer<typeof studySet>;

export const studyRule = z.strictObject({
  conditions: z.array(studyCondition).min(1).max(4),
  k: z.int().min(1).max(240),
  /** Its alert tells only within so many minutes of a settlement, and so it is counted then; absent: at every close. */
  nearSettlementMin: z.int().min(1).max(720).optional(),
  on: studySet,
  /** Events after the one and up to the other; null: all that is stored. */
  from: z.number().min(0).nullable(),
  to: z.number().min(0).nullable(),
  asOf: recordedAsOf,
});
export type StudyRule = z.infer<typeof studyRule>;

const hours = z.int().min(0).max(MOST_HOURS);
export const studyQuestion = studyRule.extend({
  /** More levels of the first condition: a search, judged out of sample by year. */
  search: z.array(studyLevel).max(20),
  events: z.enum(['entries', 'every']),
  side: z.enum(['against', 'with']),
  exit: z.union([
    z.strictObject({ on: z.literal('horizon'), hours: hours.min(1) }),
    z.strictObject({ on: z.literal('settlement') }),
    z.strictObject({ on: z.literal('signal-end') }),
  ]),
  /** Side by side; the first one is told whole. */
  delaysH: z.array(hours).min(1).max(4),
  /** One way, per fill. */
  costBp: z.number().min(0).max(1000),
  funding: z.enum(['next', 'own', 'none']),
  size: z.enum(['fixed', 'compounded']),
  capital: z.number().gt(0).max(1e15),
  exposure: z.number().gt(0).max(1000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
export type StudyQuestion = z.infer<typeof studyQuestion>;

const count = z.number();
const bp = z.number().nullable();
const iso = z.string();

const figures = z.object({
  n: count,
  priceBp: bp,
  price: z.enum(['measured', 'not measured']),
  fundingBp: bp,
  grossBp: bp,
  costBp: bp,
  netBp: bp,
  sdBp: bp,
  hitRate: z.number().nullable(),
  breakEvenCostBp: bp,
});
export type FiguresReport = z.infer<typeof figures>;

const event = z.object({
  instrument: z.string(),
  side: z.enum(['long', 'short']),
  signalAt: iso,
  enteredAt: iso,
  exitedAt: iso,
  values: z.array(z.number().nullable()).readonly(),
  level: z.number().nullable(),
  entryPrice: z.number().nullable(),
  exitPrice: z.number().nullable(),
  priceBp: bp,
  fundingBp: bp,
  costBp: bp,
  netBp: bp,
  bestBp: bp,
  worstBp: bp,
  move: z.number().nullable(),
  halvesAfterH: z.number().nullable(),
  settlements: count,
  unmarked: count,
  missing: count,
  delisted: z.boolean(),
});
export type EventReport = z.infer<typeof event>;

export const verdict = z.enum(['too few', 'paid', 'lost', 'not told apart from chance']);

const study = z.object({
  verdict,
  /** Why it is that verdict, in a sentence. */
  reason: z.string(),
  n: count,
  counted: z.object({ of: z.enum(['events', 'weeks']), n: count }),
  mean: figures.nullable(),
  byYear: z.array(figures.extend({ year: z.number() })),
  bySide: z.array(figures.extend({ side: z.enum(['long', 'short']) })),
  byInstrument: z.array(figures.extend({ instrument: z.string() })),
  interval: z
    .object({
      level: z.number(),
      lowBp: bp,
      highBp: bp,
      standardErrorBp: bp,
      method: z.string(),
      draws: count,
      blocks: z.union([z.object({ of: z.literal('hours'), meanLength: count }), z.object({ of: z.literal('weeks'), count })]),
      /** How often such an interval held the truth in measured series of this length. */
      coverageMeasured: z.number(),
    })
    .nullable(),
  smallestEffectSeenBp: bp,
  placebo: z.object({ shifts: count, p975NetBp: bp, shareBelow: z.number() }).nullable(),
  baseline: z.object({ n: count, netBp: bp }).nullable(),
  move: z
    .object({
      events: z.number(),
      others: z.number(),
      ratio: z.number(),
      /** 95 % interval of the ratio; null where there are too few. */
      interval: z.object({ low: z.number(), high: z.number() }).nullable(),
    })
    .nullable(),
  /** Means of the largest favourable and adverse move, and of the hours until the value had halved. */
  excursions: z.object({ bestBp: bp, worstBp: bp, halvesAfterH: z.number().nullable(), halved: count }),
  sharpe: z.object({ perYear: z.number(), eventsPerYear: z.number(), tries: count, deflated: z.number() }).nullable(),
  seed: z.number(),
  generator: z.string(),
  equity: z.object({
    start: z.number(),
    final: z.number(),
    return: z.number(),
    price: z.number(),
    funding: z.number(),
    costs: z.number(),
    executions: count,
    wins: count,
    losses: count,
    trades: count,
    drawdown: z.number(),
    points: z.array(z.object({ at: z.number(), capital: z.number() })),
  }),
  delisted: figures.nullable(),
  acrossChange: z.object({ mean: figures.nullable(), events: z.array(event) }),
  /** Open at the end of what is stored, valued at the last stored price: not in the averages. */
  open: z.object({ mean: figures.nullable(), events: z.array(event) }),
  incomplete: count,
  overlapping: count,
  missingSettlements: count,
  unmarkedSettlements: count,
  events: z.array(event),
  /** Oldest events that are in the figures and not among `events`. */
  eventsLeftOut: count,
});
export type StudyReport = z.infer<typeof study>;

const spread = z.object({ p1: z.number(), p5: z.number(), p90: z.number(), p95: z.number(), p99: z.number() });
export const occurrences = z.object({
  fired: count,
  long: count,
  short: count,
  last: z.array(z.object({ at: z.number(), instrument: z.string() })).readonly(),
  instruments: count,
  firedOn: count,
  /** Instruments on which every condition holds at its newest row: an alert made now tells there only after they have let go. */
  holding: count,
  period: z.enum(['hour', 'settlement', '5m', '15m']),
  periods: count,
  from: z.number().nullable(),
  to: z.number().nullable(),
  conditions: z
    .array(
      z.object({
        n: count,
        of: spread.nullable(),
        ofSize: spread.nullable(),
        least: z.number().nullable(),
        most: z.number().nullable(),
        now: z.number().nullable(),
        why: z.string().nullable(),
      }),
    )
    .readonly(),
  kinds: z.object({ settled: count, running: count }).nullable(),
  /** Of a rule of one condition: the levels at some percentiles, and how often each would have told. */
  atPercentiles: z.array(z.object({ percentile: z.number(), level: z.number(), fired: count })),
  /** Sentences about what it was counted over. */
  notes: z.array(z.string()),
});
export type OccurrencesReport = z.infer<typeof occurrences>;

const questionReport = z.object({
  conditions: z.array(
    z.object({
      metric: z.string(),
      unit: z.string(),
      params: metricChoice.shape.params,
      op: z.enum(RULE_OPS),
      level: studyLevel,
      release: z.number(),
      /** Null where the level moves. */
      letsGoAt: z.number().nullable(),
    }),
  ),
  levels: z.array(studyLevel).optional(),
  k: count,
  nearSettlementMin: z.number().optional(),
  events: z.enum(['entries', 'every']),
  side: z.enum(['against', 'with']),
  exit: z.string(),
  delayH: count,
  costBp: z.number(),
  funding: z.enum(['next', 'own', 'none']),
  seed: z.number(),
  tries: count,
  size: z.enum(['fixed', 'compounded']),
  capital: z.number(),
  exposure: z.number(),
  draws: count,
  shifts: count,
  from: iso.nullable(),
  to: iso.nullable(),
  asOf: iso.nullable(),
  source: z.array(z.string()).or(z.string()),
});

const shared = {
  question: questionReport,
  verdict,
  /** The same at each delay, the first one's included. */
  delays: z.array(
    z.object({ delayH: count, verdict, n: count, priceBp: bp, fundingBp: bp, grossBp: bp, netBp: bp, lowBp: bp, highBp: bp }),
  ),
  notes: z.array(z.string()),
};
export const studyAnswer = z.union([
  study.extend(shared),
  z.object({
    ...shared,
    /** The best level over everything. */
    level: studyLevel,
    chosen: z.array(z.object({ year: z.number(), level: studyLevel, n: count, netBp: bp })),
    inSample: study,
    outOfSample: study,
  }),
]);
export type StudyAnswerReport = z.infer<typeof studyAnswer>;

/** What the app answers: the report, how often the rule would have told, and which try it was. */
export const appStudy = z.object({ report: studyAnswer, occurrences, tries: count, ranAt: z.number() });
export type AppStudy = z.infer<typeof appStudy>;

/** Whose work it is, as the window calls it: for its progress and its Cancel. */
export const studyJob = z.string().min(1).max(60);
export const studyProgress = z.object({ job: studyJob, share: z.number(), doing: z.string() });

export const savedStudy = z.object({
  id: z.string(),
  name: z.string(),
  savedAt: z.number(),
  /** Of the program that answered. */
  version: z.string(),
  /** Run again as of `ranAt` it gives the same answer. */
  question: studyQuestion,
  ranAt: z.number(),
  tries: count,
  verdict,
  n: count,
  netBp: bp,
});
export type SavedStudy = z.infer<typeof savedStudy>;
export const studySave = savedStudy.omit({ id: true, savedAt: true, version: true });
