import type { Figures, StudyAnswer } from '#domain/evidence/study.ts';
import type { SearchedAnswer } from '#domain/evidence/searched.ts';
import { type ExitRule, LEAST } from '#domain/evidence/question.ts';
import { releaseLevel } from '#domain/rule.ts';
import type { EvidenceRequest } from './evidence-args.ts';

/** An answer and what was asked. */
export type Evidence = { readonly request: EvidenceRequest; readonly notes: readonly string[] } & (
  { readonly kind: 'study'; readonly answer: StudyAnswer } | { readonly kind: 'search'; readonly answer: SearchedAnswer }
);

const BP = 1e4;

/** How often 95 % intervals held the true mean in 1,000 series of so many events with autocorrelation 0.3: measured by `npm run soak`. */
export const COVERAGE: readonly { readonly events: number; readonly held: number }[] = [
  { events: 40, held: 0.917 },
  { events: 67, held: 0.93 },
  { events: 200, held: 0.936 },
  { events: 500, held: 0.935 },
];

/** Shorter series than the shortest that was measured are not told better than it. */
const coverageOf = (n: number): number => (COVERAGE.findLast(({ events }) => n >= events) ?? COVERAGE[0])?.held ?? NaN;

export function answerData(evidence: Evidence): Readonly<Record<string, unknown>> {
  const { request, notes } = evidence;
  const body =
    evidence.kind === 'study'
      ? studyJson(evidence.answer)
      : {
          verdict: evidence.answer.verdict,
          level: evidence.answer.level,
          chosen: evidence.answer.chosen.map(({ net, ...rest }) => ({ ...rest, netBp: net * BP })),
          inSample: studyJson(evidence.answer.inSample),
          outOfSample: studyJson(evidence.answer.outOfSample),
        };
  return { question: questionJson(request), ...body, notes: [...notes, ...labels(request)] };
}

function questionJson({ levels, k, terms, from, to, files, venue, symbols, list, asOf }: EvidenceRequest) {
  const { draws, shifts, ...rest } = terms;
  return {
    conditions: (levels[0]?.conditions ?? []).map((one) => ({
      metric: one.metric.name,
      unit: one.metric.unit,
      params: one.params,
      op: one.op,
      level: one.level,
      release: one.release,
      letsGoAt: releaseLevel(one),
    })),
    ...(levels.length > 1 && { levels: levels.map(({ level }) => level) }),
    k,
    ...rest,
    exit: exitText(terms.exit),
    draws,
    shifts,
    from: timeText(from),
    to: timeText(to),
    asOf: timeText(asOf),
    source:
      files.length > 0 ? files.map(({ path }) => path) : list !== null ? `list ${list}` : symbols.map((one) => `${venue ?? ''}:${one}`),
  };
}

function studyJson(answer: StudyAnswer) {
  const { all, counted, interval, placebo, baseline, smallestSeen, equity, trades, acrossChange, delisted, sharpe, move } = answer;
  return {
    verdict: answer.verdict,
    n: all?.n ?? 0,
    counted,
    mean: all === null ? null : figuresJson(all),
    byYear: answer.byYear.map(({ of, ...figures }) => ({ year: of, ...figuresJson(figures) })),
    bySide: answer.bySide.map(({ of, ...figures }) => ({ side: of, ...figuresJson(figures) })),
    byInstrument: answer.byInstrument.map(({ of, ...figures }) => ({ instrument: of, ...figuresJson(figures) })),
    interval:
      interval === null
        ? null
        : {
            level: 0.95,
            lowBp: interval.low * BP,
            highBp: interval.high * BP,
            standardErrorBp: interval.se * BP,
            method: 'stationary bootstrap, studentised',
            draws: interval.draws,
            blocks: interval.blocks,
            coverageMeasured: coverageOf(all?.n ?? 0),
          },
    smallestEffectSeenBp: smallestSeen === null ? null : smallestSeen * BP,
    placebo: placebo === null ? null : { shifts: placebo.shifts, p975NetBp: placebo.bound * BP, shareBelow: placebo.below },
    baseline: baseline === null ? null : { n: baseline.n, netBp: baseline.net * BP },
    move,
    sharpe,
    seed: answer.seed,
    generator: answer.generator,
    equity: { ...equity, trades: trades.length, losses: trades.length - equity.wins },
    delisted: delisted === null ? null : figuresJson(delisted),
    acrossChange: {
      mean: acrossChange.figures === null ? null : figuresJson(acrossChange.figures),
      events: acrossChange.trades.map(tradeJson),
    },
    incomplete: answer.incomplete,
    overlapping: answer.overlapping,
    missingSettlements: answer.missingSettlements,
    unmarkedSettlements: answer.unmarkedSettlements,
    events: trades.map(tradeJson),
  };
}

function figuresJson({ n, price, funding, gross, cost, net, sd, hitRate, breakEvenCost }: Figures) {
  return {
    n,
    priceBp: price === null ? null : price * BP,
    price: price === null ? 'not measured' : 'measured',
    fundingBp: funding * BP,
    grossBp: gross * BP,
    costBp: cost * BP,
    netBp: net * BP,
    sdBp: sd * BP,
    hitRate,
    breakEvenCostBp: breakEvenCost * BP,
  };
}

function tradeJson(trade: StudyAnswer['trades'][number]) {
  const { signalAt, enteredAt, exitedAt, price, funding, cost, net, side, best, worst, ...rest } = trade;
  return {
    ...rest,
    side: side === 1 ? 'long' : 'short',
    signalAt: timeText(signalAt),
    enteredAt: timeText(enteredAt),
    exitedAt: timeText(exitedAt),
    priceBp: price * BP,
    fundingBp: funding * BP,
    costBp: cost * BP,
    netBp: net * BP,
    bestBp: best * BP,
    worstBp: worst * BP,
  };
}

const timeText = (t: number | null): string | null => (t === null ? null : new Date(t).toISOString());
const exitText = (exit: ExitRule): string => (exit.on === 'horizon' ? `${exit.hours}h` : exit.on);

/** What the answer must not be read without. */
function labels({ terms, list, files }: EvidenceRequest): string[] {
  return [
    ...(terms.funding === 'own' ? ['funding own: earns the settlement that made the signal, which a person could not have had'] : []),
    ...(list !== null || files.length > 1 ? ['chosen with hindsight: the instruments are those of today'] : []),
  ];
}

/** For a person at a terminal: the verdict first, then what it rests on. */
export function answerText(evidence: Evidence): string {
  const { request } = evidence;
  const head = [questionText(request), ...labels(request)];
  if (evidence.kind === 'study') return [...head, '', ...studyText(evidence.answer)].join('\n');
  const { verdict, level, chosen, inSample, outOfSample } = evidence.answer;
  return [
    ...head,
    '',
    `Verdict: ${verdict}. The best of ${request.levels.length} levels is ${level} in sample; out of sample each year has the best of the years before it.`,
    ...chosen.map(
      ({ year, level: best, n, net }) => `  ${year}: level ${best}, from ${n} trades before it with a mean net of ${bp(net)} bp`,
    ),
    '',
    `In sample, level ${level}`,
    ...studyText(inSample),
    '',
    'Out of sample',
    ...studyText(outOfSample),
  ].join('\n');
}

function questionText({ levels, k, terms }: EvidenceRequest): string {
  const conditions = (levels[0]?.conditions ?? []).map(
    (one) =>
      `${one.metric.name} ${one.op} ${levels.length > 1 ? levels.map(({ level }) => level).join(' or ') : one.level} (${one.metric.unit}; lets go at ${one.release} of it)`,
  );
  const trade = `${terms.events === 'every' ? 'every period' : 'entries'}, ${terms.side} the crowd, exit ${exitText(terms.exit)}, delay ${terms.delayH}h, ${terms.costBp} bp a fill, funding ${terms.funding}`;
  return `${conditions.join(' and ')}, k ${k}: ${trade}`;
}

const bp = (value: number): string => (value * BP).toFixed(2);

/** "1 event", "40 events that do not overlap", "13 weeks". */
function countText({ n, of }: StudyAnswer['counted']): string {
  if (of === 'weeks') return `${n} week${n === 1 ? '' : 's'}`;
  return n === 1 ? '1 event' : `${n} events that do not overlap`;
}

function studyText(answer: StudyAnswer): string[] {
  const { all, verdict, counted, interval, smallestSeen, placebo, baseline, equity, move, sharpe } = answer;
  const lines = [`Verdict: ${verdict} (${countText(counted)}).`];
  if (all === null) return ['The rule never held with an exit that is stored.', ...apartText(answer)];
  lines.push(
    `  n ${all.n}: price ${all.price === null ? 'not measured' : `${bp(all.price)} bp`}, funding ${bp(all.funding)}, gross ${bp(all.gross)}, cost ${bp(all.cost)}, net ${bp(all.net)} bp; break-even cost ${bp(all.breakEvenCost)} bp a fill`,
    interval === null
      ? `  no interval below ${LEAST} ${counted.of}; ${smallestSeen === null ? '' : `the smallest mean that could have been seen is ${bp(smallestSeen)} bp`}`
      : `  95 % interval of the mean net ${bp(interval.low)} to ${bp(interval.high)} bp (held the truth in ${(100 * coverageOf(all.n)).toFixed(0)} % of test series of this length); smallest mean that would have been seen ${bp(smallestSeen ?? NaN)} bp`,
  );
  if (all.hitRate !== null) lines.push(`  hit rate ${(100 * all.hitRate).toFixed(1)} %`);
  if (placebo !== null)
    lines.push(
      `  ${placebo.shifts} shifts of the signal: 97.5th percentile ${bp(placebo.bound)} bp; ${(100 * placebo.below).toFixed(1)} % of them below the mean net`,
    );
  if (baseline !== null) lines.push(`  the same sides at ${baseline.n} other times: ${bp(baseline.net)} bp`);
  if (move !== null)
    lines.push(
      `  size of the move over its own volatility: ${move.events.toFixed(2)} at events, ${move.others.toFixed(2)} at other times, ${move.ratio.toFixed(2)} times`,
    );
  if (sharpe !== null)
    lines.push(
      `  Sharpe by ${sharpe.eventsPerYear.toFixed(1)} events a year ${sharpe.perYear.toFixed(2)}; after ${sharpe.tries} tr${sharpe.tries === 1 ? 'y' : 'ies'} above luck with ${(100 * sharpe.deflated).toFixed(1)} %`,
    );
  lines.push(
    `  capital ${money(equity.start)} to ${money(equity.final)} (${(100 * equity.return).toFixed(2)} %): price ${money(equity.price)}, funding ${money(equity.funding)}, costs ${money(equity.costs)}; ${equity.executions} fills, ${all.n} trades, ${equity.wins} won; deepest fall ${(100 * equity.drawdown).toFixed(1)} %`,
    ...answer.byYear.map(({ of, ...one }) => `  ${of}: ${groupText(one)}`),
    ...answer.bySide.map(({ of, ...one }) => `  ${of}: ${groupText(one)}`),
    ...(answer.byInstrument.length > 1 ? answer.byInstrument.map(({ of, ...one }) => `  ${of}: ${groupText(one)}`) : []),
  );
  return [...lines, ...apartText(answer)];
}

const groupText = ({ n, gross, net }: Omit<Figures, 'of'>): string => `n ${n}, gross ${bp(gross)}, net ${bp(net)} bp`;
const money = (value: number): string => value.toFixed(2);

function apartText({ acrossChange, delisted, incomplete, overlapping, missingSettlements, unmarkedSettlements }: StudyAnswer): string[] {
  const lines: (string | false)[] = [
    acrossChange.figures !== null &&
      `  apart: ${acrossChange.figures.n} across a change of the interval or the formula, net ${bp(acrossChange.figures.net)} bp`,
    delisted !== null && `  ${delisted.n} ended by a delisting, net ${bp(delisted.net)} bp (in the averages)`,
    incomplete > 0 && `  ${incomplete} not complete: their exit lies after what is stored`,
    overlapping > 0 && `  ${overlapping} while the position before them was open: left out`,
    missingSettlements > 0 && `  ${missingSettlements} settlements inside holds are missing: their funding is not counted`,
    unmarkedSettlements > 0 && `  ${unmarkedSettlements} settlements at the last stored price: no mark of their own`,
  ];
  return lines.filter((line) => line !== false);
}
