import { z } from 'zod';
import { recordedAsOf } from './as-of.ts';
import { MOST_HOURS, studySet } from './evidence.ts';
import { bpWords } from './evidence-words.ts';
import { metricChoice } from './settings.ts';

/** A sort of many instruments into tenths by a metric: what is asked, what is answered, and the answer in words. */

const hours = z.int().min(0).max(MOST_HOURS);
export const decilesQuestion = z.strictObject({
  choice: metricChoice,
  on: studySet,
  /** Sorted, and held, every so many hours. */
  everyH: hours.min(1),
  delayH: hours,
  /** One way, per fill. */
  costBp: z.number().min(0).max(1000),
  side: z.enum(['against', 'with']),
  /** Sorts after the one and up to the other; null: all that is stored. */
  from: z.number().min(0).nullable(),
  to: z.number().min(0).nullable(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  asOf: recordedAsOf,
});
export type DecilesQuestion = z.infer<typeof decilesQuestion>;

const count = z.number();
const spread = z.object({ meanBp: z.number(), medianBp: z.number() });
const iso = z.string().nullable();

/** In bp of the entry's notional; values in the metric's own unit. */
export const decilesReport = z.object({
  question: z.object({
    metric: z.string(),
    unit: z.string(),
    params: metricChoice.shape.params,
    ...decilesQuestion.pick({ everyH: true, delayH: true, costBp: true, side: true, seed: true }).shape,
    draws: count,
    from: iso,
    to: iso,
    asOf: iso,
    source: z.array(z.string()).or(z.string()),
  }),
  instruments: count,
  sorts: count,
  first: iso,
  last: iso,
  /** Sorts of fewer than ten instruments. */
  tooFew: count,
  ranked: count,
  incomplete: count,
  /** Lowest values first; what a long position of each earned before costs, and both sides after them. */
  deciles: z.array(
    z.object({
      decile: count,
      n: count,
      value: z.object({ mean: z.number(), median: z.number() }).nullable(),
      price: spread.nullable(),
      funding: spread.nullable(),
      gross: spread.nullable(),
      longNetBp: z.number().nullable(),
      shortNetBp: z.number().nullable(),
    }),
  ),
  ends: z
    .object({
      n: count,
      gross: spread,
      net: spread,
      weeks: count,
      interval: z.object({ level: z.number(), lowBp: z.number(), highBp: z.number(), draws: count }).nullable(),
    })
    .nullable(),
  notes: z.array(z.string()),
});
export type DecilesReport = z.infer<typeof decilesReport>;

export const DECILES_HEAD = [
  'decile',
  'n',
  'value',
  'price',
  'median',
  'funding',
  'median',
  'gross',
  'median',
  'long net',
  'short net',
] as const;

/** A row of text for each tenth, in the order of the head. */
export function decileCells({ deciles }: DecilesReport): string[][] {
  const figure = (value: number | undefined | null): string => (value === undefined || value === null ? '\u2013' : value.toFixed(2));
  const both = (of: { readonly meanBp: number; readonly medianBp: number } | null): string[] => [figure(of?.meanBp), figure(of?.medianBp)];
  return deciles.map(({ decile, n, value, price, funding, gross, longNetBp, shortNetBp }) => [
    decile === 1 ? '1, lowest' : decile === deciles.length ? `${decile}, highest` : String(decile),
    String(n),
    value === null ? '\u2013' : String(Number(value.mean.toPrecision(4))),
    ...both(price),
    ...both(funding),
    ...both(gross),
    figure(longNetBp),
    figure(shortNetBp),
  ]);
}

/** What was sorted, how often, and what the two ends made: a sentence each. */
export function decilesWords({ question, instruments, sorts, first, last, tooFew, ranked, incomplete, ends }: DecilesReport): string[] {
  const { metric, unit, everyH, delayH, costBp, side } = question;
  const day = (at: string | null): string => (at ?? '').slice(0, 10);
  const [bought, sold] = side === 'against' ? ['lowest', 'highest'] : ['highest', 'lowest'];
  const range = ends?.interval;
  const lines: (string | false)[] = [
    `${metric} (${unit}), sorted every ${everyH} h and held until the next sort, delay ${delayH}h, ${costBp} bp a fill; means and medians in bp of the entry's notional`,
    sorts === 0
      ? `no sort: at no time did ten of ${instruments} instruments have a value`
      : `${sorts} sorts from ${day(first)} to ${day(last)}, ${(ranked / sorts).toFixed(1)} instruments in each, ${instruments} in all`,
    ends !== null &&
      `the ${bought} tenth bought and the ${sold} sold, per sort on the notional of one: gross ${bpWords(ends.gross.meanBp)} (median ${bpWords(ends.gross.medianBp)}), net of four fills ${bpWords(ends.net.meanBp)} (median ${bpWords(ends.net.medianBp)}), ${ends.n} sorts`,
    ends !== null &&
      (range === null || range === undefined
        ? `no interval below 30 weeks (${ends.weeks})`
        : `95 % interval of the mean net ${bpWords(range.lowBp)} to ${bpWords(range.highBp)}, by ${ends.weeks} calendar weeks`),
    tooFew > 0 && `${tooFew} sorts of fewer than ten instruments: left out`,
    incomplete > 0 && `${incomplete} positions without a stored entry or exit: ranked, and in no mean`,
  ];
  return lines.filter((line) => line !== false);
}

/** The answer as a document. */
export function decilesMarkdown(report: DecilesReport): string {
  const [first, ...others] = decilesWords(report);
  const rows = [[...DECILES_HEAD], DECILES_HEAD.map(() => '---:'), ...decileCells(report)];
  return [
    '# Evidence: sorted into tenths',
    '',
    ...[`- ${first ?? ''}`, `- Over: ${[report.question.source].flat().join(', ')}`, ...others.map((line) => `- ${line}`)],
    ...report.notes.map((note) => `- ${note}`),
    '',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    '```json',
    JSON.stringify(report.question, null, 2),
    '```',
    '',
  ].join('\n');
}
