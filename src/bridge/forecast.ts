import { z } from 'zod';
import { FORETELLERS, type ForecastRecord, LEAST_SETTLEMENTS, type RecordMoment, type RecordScore } from '#domain/forecast-record.ts';

const share = z.number().nullable();

/** How well settlements were foretold; what each word means stands in the domain's forecast-record.ts. */
export const forecastRecord = z.object({
  settlements: z.number(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  scores: z
    .array(
      z.object({
        moment: z.union([z.literal(60), z.literal(15), z.literal(5)]).nullable(),
        by: z.enum(FORETELLERS),
        n: z.number(),
        error: share,
        bias: share,
        side: share,
        turn: share,
        skill: share,
      }),
    )
    .readonly(),
});

/** "0.12 bp": a rate of a paid interval. */
export const basisPoints = (rate: number): string => `${Number((rate * 1e4).toPrecision(3))} bp`;

export const momentWords = (moment: RecordMoment): string => (moment === null ? 'one interval before' : `${moment} min before`);

const NAMES = { forecast: 'forecast', running: 'running rate', 'no-change': 'no change', 'last-day': 'mean of last day' };
export const foretellerName = (by: RecordScore['by']): string => NAMES[by];

/** What stands beside a forecast, as a sentence. */
export function recordWords({ scores }: ForecastRecord): string {
  const of = (by: RecordScore['by']): RecordScore[] => scores.filter((score) => score.by === by);
  const own = of('forecast').filter(({ n }) => n > 0);
  const most = own.reduce((n, score) => Math.max(n, score.n), 0);
  // It is made at the closes of hours: 15 and 5 minutes before it is what it was 60 minutes before.
  const told = own.filter(({ moment, error }) => error !== null && (moment === null || moment === 60));
  const [first] = told;
  if (first === undefined)
    return most === 0
      ? 'No settlement is stored yet by which the forecast could be judged.'
      : `Too few to judge the forecast by: ${most} of ${LEAST_SETTLEMENTS} settlements.`;
  const off = told.map(({ moment, error }) => `${basisPoints(error ?? 0)} ${momentWords(moment)}`).join(', ');
  const still = of('no-change').find(({ moment }) => moment === first.moment)?.error ?? null;
  return `The forecast was off by ${off}, on average over ${first.n.toLocaleString('en')} settlements${still === null ? '' : `; no change by ${basisPoints(still)}`}.`;
}

/** What stands beside a value of it that is `leftMs` before its settlement: the record of the moment before that. Null: too few settlements. */
export function errorNow({ scores }: ForecastRecord, leftMs: number | null): { readonly error: number; readonly n: number } | null {
  const minutes = (leftMs ?? Infinity) / 60_000;
  const moment: RecordMoment = minutes <= 5 ? 5 : minutes <= 15 ? 15 : minutes <= 60 ? 60 : null;
  const own = scores.filter(({ by, error }) => by === 'forecast' && error !== null);
  const score = own.find((one) => one.moment === moment) ?? own[0];
  const error = score?.error ?? null;
  return score === undefined || error === null ? null : { error, n: score.n };
}
