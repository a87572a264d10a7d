import { UserError } from '#bridge/errors.ts';
import type { OccurrencesReport, StudyQuestion, StudyRule } from '#bridge/evidence.ts';
import { isMoving } from '#domain/evidence/levels.ts';
import { type Counted, countedOf, type Occurrences, occurrencesOf } from '#domain/evidence/occurrences.ts';
import { DRAWS, SHIFTS, type StudyTerms } from '#domain/evidence/question.ts';
import { type AskedRule, layOut, ruleRun } from '#domain/evidence/run.ts';
import type { StudiedCondition, StudiedHistory } from '#domain/evidence/studied.ts';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { meets, type RuleOp } from '#domain/rule.ts';
import type { SeeStudy, StudyJob, StudyResult } from '../../ports/studies.ts';
import { resolveChoice } from '../metrics/metric-choice.ts';
import { chosenOf, notesOfSet } from './chosen.ts';
import { OWN_FUNDING } from './labels.ts';
import { questionReport, reportOf } from './report.ts';
import { type StudyHistoryReads, studyHistories } from './stored-study.ts';

/** Of the whole work, what reading takes, with the shifts; a search reads twice. The rest is draws. */
const READING = 0.6;

/** Answers a study from the stored history: the same for the app, for dry runs of alerts and beside thresholds. */
export async function answerStudy(
  reads: StudyHistoryReads,
  job: StudyJob,
  formulas: Readonly<Record<VenueId, VenueFormula>>,
  see: SeeStudy,
): Promise<StudyResult> {
  const { question, now } = job;
  const { asOf = null } = question;
  const whole = 'search' in question ? question : null;
  const rule = ruleOf(question);
  const conditions = rule.levels[0]?.conditions ?? [];
  const known = await reads.instruments(asOf);
  const chosen = chosenOf(job, known);
  const own = whole?.funding === 'own' ? [OWN_FUNDING] : [];
  const notes = [...own, ...(await notesOfSet(reads, job, chosen, known))];
  const events = whole?.events ?? 'entries';
  const all = await studyHistories(reads, { chosen, known, among: job.among, conditions, asOf, now, formulas });
  const terms = whole === null ? null : termsOf(whole, job.tries);
  // A search adds its own levels to those of before.
  const run =
    whole === null || terms === null
      ? null
      : ruleRun(rule.levels, { ...terms, tries: Math.max(1, job.tries - whole.search.length) }, whole.delaysH);
  const counts: Counted[] = [];
  /** For other levels than those of the rule. */
  const kept: StudiedHistory[] = [];
  const refusals: string[] = [];
  let empty = 0;
  const passes = whole !== null && whole.search.length > 0 ? 2 : 1;
  const seeRead = (read: number, pass: number): void =>
    see(
      (READING * (pass + read / chosen.length)) / passes,
      `instrument ${read + 1} of ${chosen.length}${pass > 0 ? ', out of sample' : ''}`,
    );
  for await (const found of all.each()) {
    seeRead(counts.length, 0);
    notes.push(...found.notes);
    if (found.history.settlement.time.length === 0) empty++;
    const laid = layOut(found.history, rule, events, all.to);
    run?.add(laid);
    for (const one of laid.slice(0, 1)) {
      counts.push(countedOf(one));
      if (one.refused !== null) refusals.push(`${one.tape.id} is left out: ${one.refused}.`);
    }
    if (whole === null && conditions.length === 1) kept.push(found.history);
  }
  if (run?.again() === true) {
    let read = 0;
    for await (const { history } of all.each()) {
      seeRead(read++, 1);
      run.add(layOut(history, rule, events, all.to));
    }
  }
  if (counts.length > 1 && empty > 0) notes.push(`Of ${empty} of ${counts.length} instruments no settlement is stored.`);
  notes.push(...refusals);
  const counted = occurrencesOf(counts);
  const firedAt = (level: number): number => {
    const at = { ...rule, levels: [{ level, conditions: conditions.map((one) => ({ ...one, level })) }] };
    return occurrencesOf(kept.flatMap((history) => layOut(history, at, events, all.to)).map(countedOf)).fired;
  };
  const [only, ...others] = conditions;
  const atPercentiles =
    whole !== null || only === undefined || others.length > 0
      ? []
      : offered(counted, only.op).map(([percentile, level]) => ({ percentile, level, fired: firedAt(level) }));
  const occurrences: OccurrencesReport = { ...counted, holding: holdingOf(counts, conditions), atPercentiles, notes };
  if (whole === null || terms === null || run === null) return { report: null, occurrences };
  const answers = run.answers((done) => see(READING + (1 - READING) * done, `${Math.round(100 * done)} % of the draws`));
  return { report: reportOf(answers, questionReport(whole, rule, terms, job.source), notes, job.mostEvents), occurrences };
}

/** The rule at each of its levels. Throws UserError where a metric or a parameter is none. */
function ruleOf(question: StudyRule | StudyQuestion): AskedRule {
  const conditions = question.conditions.map(({ choice, op, level, release }): StudiedCondition => {
    return { ...resolveChoice(choice), op, level, release };
  });
  const [first, ...others] = conditions;
  if (first === undefined) throw new UserError('bad-input', 'A rule needs a condition.');
  const search = 'search' in question ? question.search : [];
  const levels = [first.level, ...search].map((level) => ({ level, conditions: [{ ...first, level }, ...others] }));
  const wrong = levels.some(({ level }) => first.op === 'outside' && !isMoving(level) && !(level > 0));
  if (wrong) throw new UserError('bad-input', 'A level that counts on both sides must be above 0.');
  const { k, from, to, nearSettlementMin = null } = question;
  return { levels, k, from, to, nearSettlementMin };
}

function termsOf(question: StudyQuestion, tries: number): StudyTerms {
  const { events, side, exit, delaysH, costBp, funding, seed, size, capital, exposure } = question;
  const delayH = delaysH[0] ?? 0;
  return { events, side, exit, delayH, costBp, funding, seed, draws: DRAWS, shifts: SHIFTS, tries, size, capital, exposure };
}

/** On how many every condition holds at its newest row; a level that moves is not looked at. */
function holdingOf(studied: readonly Pick<Counted, 'values'>[], conditions: readonly StudiedCondition[]): number {
  const holds = ({ values }: Pick<Counted, 'values'>): boolean =>
    conditions.every(({ op, level }, i) => !isMoving(level) && meets(op, values[i]?.value.at(-1) ?? NaN, level));
  return studied.filter(holds).length;
}

type Offered = readonly (readonly [percentile: number, level: number])[];
/** Levels from where the rare values begin. */
function offered({ conditions: [one] }: Occurrences, op: RuleOp): Offered {
  const spread = op === 'outside' ? one?.ofSize : one?.of;
  if (spread === null || spread === undefined || op === 'is') return [];
  const { p1, p5, p90, p95, p99 } = spread;
  const all: Offered =
    op === 'below'
      ? [
          [5, p5],
          [1, p1],
        ]
      : [
          [90, p90],
          [95, p95],
          [99, p99],
        ];
  return all.filter(([, level]) => op !== 'outside' || level > 0);
}
