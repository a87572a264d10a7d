import type { EventReport, FiguresReport, StudyAnswerReport, StudyReport } from '#bridge/evidence.ts';
import { isMoving } from '#domain/evidence/levels.ts';
import { type ExitRule, LEAST, type StudyTerms } from '#domain/evidence/question.ts';
import type { AskedRule, AtDelay } from '#domain/evidence/run.ts';
import type { StudiedCondition } from '#domain/evidence/studied.ts';
import type { Figures, StudyAnswer } from '#domain/evidence/study.ts';
import type { Trade } from '#domain/evidence/trades.ts';
import { releaseLevel } from '#domain/rule.ts';

/** The answer of a study as it leaves the program: JSON of both the command and the app; money in bp of the entry's notional. */

const BP = 1e4;

/** How often 95 % intervals held the true mean in 1,000 series of so many events with autocorrelation 0.3: measured by `npm run soak`. */
export const COVERAGE: readonly { readonly events: number; readonly held: number }[] = [
  { events: 40, held: 0.917 },
  { events: 67, held: 0.93 },
  { events: 200, held: 0.936 },
  { events: 500, held: 0.935 },
];

/** Shorter series than the shortest that was measured are not told better than it. */
export const coverageOf = (n: number): number => (COVERAGE.findLast(({ events }) => n >= events) ?? COVERAGE[0])?.held ?? NaN;

/** JSON has no NaN: what is not known is null. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
const inBp = (value: number | null): number | null => (value === null ? null : known(value * BP));
const isoOf = (t: number | null): string | null => (t === null ? null : new Date(t).toISOString());
const bpText = (value: number): string => (value * BP).toFixed(2);

export type QuestionReport = StudyAnswerReport['question'];

/** The answers at all delays, of which the first is told whole. `mostEvents`: the newest of them that are listed. */
export function reportOf(
  answers: readonly AtDelay[],
  question: QuestionReport,
  notes: readonly string[],
  mostEvents = Infinity,
): StudyAnswerReport {
  const [first] = answers;
  if (first === undefined) throw new RangeError('a report needs an answer');
  const { found } = first;
  const shared = { delays: answers.map(delayOf), notes: [...notes] };
  if (found.kind === 'study') return { question, ...studyReport(found.answer, mostEvents), ...shared };
  const { verdict, level, chosen, inSample, outOfSample } = found.answer;
  return {
    question,
    verdict,
    level,
    chosen: chosen.map(({ net, ...rest }) => ({ ...rest, netBp: inBp(net) })),
    inSample: studyReport(inSample, mostEvents),
    outOfSample: studyReport(outOfSample, mostEvents),
    ...shared,
  };
}

function delayOf({ delayH, found }: AtDelay): StudyAnswerReport['delays'][number] {
  const { all, interval } = found.kind === 'study' ? found.answer : found.answer.inSample;
  return {
    delayH,
    verdict: found.answer.verdict,
    n: all?.n ?? 0,
    priceBp: inBp(all?.price ?? null),
    fundingBp: inBp(all?.funding ?? null),
    grossBp: inBp(all?.gross ?? null),
    netBp: inBp(all?.net ?? null),
    lowBp: inBp(interval?.low ?? null),
    highBp: inBp(interval?.high ?? null),
  };
}

function studyReport(answer: StudyAnswer, mostEvents: number): StudyReport {
  const { all, counted, interval, placebo, baseline, smallestSeen, equity, trades, acrossChange, open, delisted, sharpe, move } = answer;
  const shown = trades.length > mostEvents ? trades.slice(trades.length - mostEvents) : trades;
  return {
    verdict: answer.verdict,
    reason: reasonOf(answer),
    n: all?.n ?? 0,
    counted,
    mean: all === null ? null : figuresReport(all),
    byYear: answer.byYear.map(({ of, ...figures }) => ({ year: of, ...figuresReport(figures) })),
    bySide: answer.bySide.map(({ of, ...figures }) => ({ side: of, ...figuresReport(figures) })),
    byInstrument: answer.byInstrument.map(({ of, ...figures }) => ({ instrument: of, ...figuresReport(figures) })),
    interval: interval && {
      level: 0.95,
      lowBp: inBp(interval.low),
      highBp: inBp(interval.high),
      standardErrorBp: inBp(interval.se),
      method: 'stationary bootstrap, studentised',
      draws: interval.draws,
      blocks: interval.blocks,
      coverageMeasured: coverageOf(all?.n ?? 0),
    },
    smallestEffectSeenBp: inBp(smallestSeen),
    placebo: placebo && { shifts: placebo.shifts, p975NetBp: inBp(placebo.bound), shareBelow: placebo.below },
    baseline: baseline && { n: baseline.n, netBp: inBp(baseline.net) },
    move,
    excursions: excursionsOf(trades),
    sharpe,
    seed: answer.seed,
    generator: answer.generator,
    equity: {
      ...equity,
      points: fewer(equity.points, mostEvents),
      trades: trades.length,
      losses: trades.length - equity.wins,
    },
    delisted: delisted && figuresReport(delisted),
    acrossChange: apartReport(acrossChange, mostEvents),
    open: apartReport(open, mostEvents),
    incomplete: answer.incomplete,
    overlapping: answer.overlapping,
    missingSettlements: answer.missingSettlements,
    unmarkedSettlements: answer.unmarkedSettlements,
    events: shown.map(eventReport),
    eventsLeftOut: trades.length - shown.length,
  };
}

const apartReport = ({ figures, trades }: StudyAnswer['open'], mostEvents: number): StudyReport['open'] => ({
  mean: figures && figuresReport(figures),
  events: trades.slice(-Math.min(mostEvents, trades.length)).map(eventReport),
});

/** Every so many-th and the last: what is drawn has no more pixels. */
const fewer = <T>(points: readonly T[], most: number): T[] => {
  const step = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
};

function excursionsOf(trades: readonly Trade[]): StudyReport['excursions'] {
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const halved = trades.map(({ halvesAfterH }) => halvesAfterH).filter((hours) => !Number.isNaN(hours));
  return {
    bestBp: inBp(mean(trades.map(({ best }) => best))),
    worstBp: inBp(mean(trades.map(({ worst }) => worst))),
    halvesAfterH: known(mean(halved)),
    halved: halved.length,
  };
}

/** Which of the conditions of its verdict decided. */
function reasonOf({ verdict, counted, interval, placebo, all, smallestSeen }: StudyAnswer): string {
  if (all === null) return 'The rule never held with an exit that is stored.';
  if (interval === null || placebo === null) {
    const what = counted.of === 'weeks' ? 'weeks with an event' : 'events that do not overlap';
    return `${counted.n} ${what}: ${LEAST} are the fewest that anything is told of.`;
  }
  const net = `${bpText(all.net)} bp net a trade`;
  const range = `95 % interval ${bpText(interval.low)} to ${bpText(interval.high)} bp`;
  if (verdict === 'lost') return `${net}: all of the ${range} lies below 0.`;
  const shifts = `the 97.5th percentile of the same signal at wrong times, ${bpText(placebo.bound)} bp`;
  if (verdict === 'paid') return `${net}: all of the ${range} lies above 0, and the mean above ${shifts}.`;
  const seen = smallestSeen === null ? '' : ` A mean of ${bpText(smallestSeen)} bp or more would have been seen.`;
  return interval.low > 0 ? `${net} is not above ${shifts}.${seen}` : `${net}: the ${range} holds 0.${seen}`;
}

function figuresReport({ n, price, funding, gross, cost, net, sd, hitRate, breakEvenCost }: Figures): FiguresReport {
  return {
    n,
    priceBp: inBp(price),
    price: price === null ? 'not measured' : 'measured',
    fundingBp: inBp(funding),
    grossBp: inBp(gross),
    costBp: inBp(cost),
    netBp: inBp(net),
    sdBp: inBp(sd),
    hitRate,
    breakEvenCostBp: inBp(breakEvenCost),
  };
}

const eventReport = (trade: Trade): EventReport => ({
  instrument: trade.instrument,
  side: trade.side === 1 ? 'long' : 'short',
  signalAt: new Date(trade.signalAt).toISOString(),
  enteredAt: new Date(trade.enteredAt).toISOString(),
  exitedAt: new Date(trade.exitedAt).toISOString(),
  values: trade.values.map(known),
  level: known(trade.level),
  entryPrice: known(trade.entryPrice),
  exitPrice: known(trade.exitPrice),
  priceBp: inBp(trade.price),
  fundingBp: inBp(trade.funding),
  costBp: inBp(trade.cost),
  netBp: inBp(trade.net),
  bestBp: inBp(trade.best),
  worstBp: inBp(trade.worst),
  move: known(trade.move),
  halvesAfterH: known(trade.halvesAfterH),
  settlements: trade.settlements,
  unmarked: trade.unmarked,
  missing: trade.missing,
  delisted: trade.delisted,
});

const exitText = (exit: ExitRule): string => (exit.on === 'horizon' ? `${exit.hours}h` : exit.on);

/** What was asked, as it stands in the answer; `source`: of what. */
export function questionReport(
  { asOf = null }: { readonly asOf?: number | null | undefined },
  { levels, k, from, to, nearSettlementMin = null }: AskedRule,
  terms: StudyTerms,
  source: string | readonly string[],
): QuestionReport {
  const { draws, shifts, exit, ...rest } = terms;
  return {
    conditions: (levels[0]?.conditions ?? []).map(conditionReport),
    ...(levels.length > 1 && { levels: levels.map(({ level }) => level) }),
    k,
    ...(nearSettlementMin !== null && { nearSettlementMin }),
    ...rest,
    exit: exitText(exit),
    draws,
    shifts,
    from: isoOf(from),
    to: isoOf(to),
    asOf: isoOf(asOf),
    source: typeof source === 'string' ? source : [...source],
  };
}

function conditionReport({ metric, params, op, level, release }: StudiedCondition): QuestionReport['conditions'][number] {
  const letsGoAt = isMoving(level) ? null : releaseLevel({ op, level, release });
  return { metric: metric.name, unit: metric.unit, params, op, level, release, letsGoAt };
}
