/** Why a metric has no value at a time, each with the words for a person. The order is the code's: append only. */
const SENTENCES = {
  'warming-up': 'Warming up: not enough history yet.',
  gap: 'Gap: nothing is known for this time.',
  'interval-unknown': 'It was not stated over how many hours the rate counts.',
  'interval-change': 'The funding interval changed here.',
  flat: 'Flat: the values do not vary enough to divide by.',
  incomplete: 'Incomplete: a settlement is missing inside the window.',
  stale: 'Stale: the last observation or settlement is too old.',
  'not-for-venue': "This venue's terms are not known.",
  'no-price': 'No price of this kind is stored for this time.',
  'no-open-interest': 'No open interest is stored for this time.',
  coverage: 'Too little of the interval was observed.',
  unconfirmed: 'Two prices differ too much to be one coin.',
  excluded: "Left out: its price is not this coin's.",
  'too-few': 'Too few instruments to compare.',
  'no-reversion': 'It does not return to a mean.',
  'too-thin': 'Book too thin for this size.',
  'out-of-range': 'The result is beyond what a number can hold.',
  'no-usd': 'Its money is told in USD by no stored index.',
} as const;

export type Reason = keyof typeof SENTENCES;

/** By code, from 1 up. */
export const REASONS = Object.keys(SENTENCES) as readonly Reason[];
const CODES = Object.fromEntries(REASONS.map((name, i) => [name, i + 1])) as Record<Reason, number>;

/** The code of a row that has a value. */
export const HAS_VALUE = 0;

/** The last reason asked about: rows without a value follow one another. */
let last: Reason = 'gap';
let code = CODES[last];

export function reasonCode(reason: Reason): number {
  if (reason !== last) {
    last = reason;
    code = CODES[reason];
  }
  return code;
}

/** Null for HAS_VALUE. */
export const reasonOf = (code: number): Reason | null => (code === HAS_VALUE ? null : (REASONS[code - 1] ?? null));

export const reasonSentence = (reason: Reason): string => SENTENCES[reason];

/** For a value whose reason is not asked about. */
export const noReason = (): number => NaN;

/** The reason that `value` gives for a row that has no value. */
export function reasonFrom(value: (no: (reason: Reason) => number) => number): Reason {
  let why: Reason = 'out-of-range';
  value((reason) => {
    why = reason;
    return NaN;
  });
  return why;
}
