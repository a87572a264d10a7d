import { z } from 'zod';
import { maintenance } from './decisions.ts';
import { instrument } from './instrument.ts';

/** What a calculator fills itself with, as venues and the stored history say it. Times are epoch ms UTC, rates decimals. */

const time = z.number();
const decimal = z.string().nullable();

export const reversionFact = z.object({ meanPerHour: z.number(), halfLifeH: z.number() });
export type ReversionFact = z.infer<typeof reversionFact>;

/** `value` null while fewer than half of the hours are known. */
export const stopHelp = z.object({ value: z.number().nullable(), known: z.number(), of: z.number() });

export const rulesFact = z.object({
  /** Decimal text as the venue gives it; null: it does not say. Quantities in contracts. */
  lotStep: decimal,
  tickSize: decimal,
  minQuantity: decimal,
  /** The most of one market order. */
  maxQuantity: decimal,
  minNotional: decimal,
  /** The largest position that the venue's tiers allow. */
  maxNotional: decimal,
  contractSize: decimal,
  maxLeverage: decimal,
  liquidationFee: decimal,
  maintenance: maintenance.nullable(),
  /** What is an assumption, in words. */
  notes: z.array(z.string()),
  at: time,
});
export type RulesFact = z.infer<typeof rulesFact>;

const level = z.tuple([z.string(), z.string()]);
export const bookFact = z.object({
  /** [price, quantity in base units (inverse: quote money)], best first, at most 200. */
  bids: z.array(level).max(200),
  asks: z.array(level).max(200),
  at: time,
});
export type BookFact = z.infer<typeof bookFact>;

export const calculatorFacts = z.object({
  instrument,
  observedAt: time.nullable(),
  mark: z.number().nullable(),
  index: z.number().nullable(),
  /** Running, per interval. */
  rate: z.number().nullable(),
  intervalH: z.number().nullable(),
  /** The venue accrues without settlements: `intervalH` is what the rate is quoted for. */
  continuous: z.boolean(),
  nextFundingAt: time.nullable(),
  /** In base units (inverse: quote money), as positions are counted. */
  openInterest: z.number().nullable(),
  openInterestAt: time.nullable(),
  /** Per hour; `d` null where there is none to trust. */
  d: z.number().nullable(),
  theta: z.number(),
  rules: rulesFact.nullable(),
  book: bookFact.nullable(),
  /** Extreme of the last 24 closed hours against the position, and the volatility per day of the last 72. */
  swing: z.object({ long: stopHelp, short: stopHelp }),
  volatility: stopHelp,
  /** The hour close that both of them end at. */
  closesTo: time.nullable(),
  reversion: reversionFact.nullable(),
  /** Each part that is not there, with the reason in a sentence. */
  missing: z.array(z.object({ what: z.enum(['rules', 'book', 'openInterest', 'history', 'quote']), why: z.string() })),
});
export type CalculatorFacts = z.infer<typeof calculatorFacts>;

/** What the stored history says of a pair: rate of the short leg minus that of the long, per hour. */
export const spreadFacts = z.object({
  /** One value per hour close in (from, to]; NaN: not known of both. At most 90 days. */
  history: z.instanceof(Float64Array),
  from: time,
  to: time,
  reversion: reversionFact.nullable(),
  /** Hours with a sign, changes of it among them, and hours in which this carry would have been paid. */
  flips: z.object({ hours: z.number(), signed: z.number(), flips: z.number(), positive: z.number() }),
});
export type SpreadFacts = z.infer<typeof spreadFacts>;
