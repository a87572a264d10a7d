import type { DecilesReport } from '#bridge/deciles.ts';
import { UserError } from '#bridge/errors.ts';
import { decilesOf, type DecilesAnswer, type Ranked, rankedOf, type SortTerms, type Spread } from '#domain/evidence/deciles.ts';
import { DRAWS } from '#domain/evidence/question.ts';
import type { Instrument, VenueId } from '#domain/instrument.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import type { Params } from '#domain/metrics/params.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { DecilesJob, SeeStudy } from '../../ports/studies.ts';
import { resolveChoice } from '../metrics/metric-choice.ts';
import { chosenOf, notesOfSet } from './chosen.ts';
import { type StudyHistoryReads, studyHistories } from './stored-study.ts';

/** What is asked of a sort, resolved. */
export interface AskedSort {
  readonly metric: Metric;
  readonly params: Params;
  readonly terms: SortTerms;
}

export const sortTerms = (
  asked: Omit<SortTerms, 'from' | 'to' | 'draws'> & { readonly from: number | null; readonly to: number | null },
): SortTerms => ({ ...asked, from: asked.from ?? -Infinity, to: asked.to ?? Infinity, draws: DRAWS });

/** Sorts what is stored into tenths; of each instrument no more than its sorts is held. */
export async function answerDeciles(
  reads: StudyHistoryReads,
  job: DecilesJob,
  formulas: Readonly<Record<VenueId, VenueFormula>>,
  see: SeeStudy,
): Promise<DecilesReport> {
  const { question, now } = job;
  const { asOf = null, choice, everyH, delayH, costBp, side, from, to, seed } = question;
  const { metric, params } = resolveChoice(choice);
  if (metric.unit === 'label') throw new UserError('bad-input', 'Words have no order: choose a metric that is a number.');
  const known: readonly Instrument[] = await reads.instruments(asOf);
  const chosen = chosenOf(job, known);
  const notes = await notesOfSet(reads, job, chosen, known);
  const terms = sortTerms({ everyH, delayH, costBp, side, from, to, seed });
  const all = await studyHistories(reads, { chosen, known, among: job.among, conditions: [{ metric, params }], asOf, now, formulas });
  const ranked: Ranked[] = [];
  for await (const { history, notes: own } of all.each()) {
    see(ranked.length / chosen.length, `instrument ${ranked.length + 1} of ${chosen.length}`);
    notes.push(...own);
    ranked.push(rankedOf(history, { metric, params }, terms, all.to));
  }
  return decilesReportOf(
    decilesOf(ranked, terms),
    { metric, params, terms },
    { instruments: ranked.length, asOf, source: job.source, notes },
  );
}

const BP = 1e4;
const isoOf = (t: number | null): string | null => (t === null || !Number.isFinite(t) ? null : new Date(t).toISOString());
const inBp = (of: Spread | null): { meanBp: number; medianBp: number } | null => of && { meanBp: of.mean * BP, medianBp: of.median * BP };

interface Asked {
  readonly instruments: number;
  readonly asOf: number | null;
  readonly source: string | string[];
  readonly notes: readonly string[];
}

export function decilesReportOf(
  { deciles, first, last, ends, ...counts }: DecilesAnswer,
  { metric, params, terms }: AskedSort,
  { instruments, asOf, source, notes }: Asked,
): DecilesReport {
  const { from, to, everyH, delayH, costBp, side, seed, draws } = terms;
  return {
    question: {
      ...{ metric: metric.name, unit: metric.unit, params, everyH, delayH, costBp, side, seed, draws },
      ...{ from: isoOf(from), to: isoOf(to), asOf: isoOf(asOf), source },
    },
    instruments,
    ...counts,
    first: isoOf(first),
    last: isoOf(last),
    deciles: deciles.map((one, i) => ({
      decile: i + 1,
      n: one?.n ?? 0,
      value: one?.value ?? null,
      price: inBp(one?.price ?? null),
      funding: inBp(one?.funding ?? null),
      gross: inBp(one?.gross ?? null),
      longNetBp: one === null ? null : one.gross.mean * BP - 2 * costBp,
      shortNetBp: one === null ? null : -one.gross.mean * BP - 2 * costBp,
    })),
    ends: ends && {
      n: ends.n,
      gross: { meanBp: ends.gross.mean * BP, medianBp: ends.gross.median * BP },
      net: { meanBp: ends.net.mean * BP, medianBp: ends.net.median * BP },
      weeks: ends.weeks,
      interval: ends.interval && {
        level: 0.95,
        lowBp: ends.interval.low * BP,
        highBp: ends.interval.high * BP,
        draws: ends.interval.draws,
      },
    },
    notes: [...notes],
  };
}
