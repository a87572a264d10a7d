import { z } from 'zod';
import type { CarryInput, CarryLeg } from '#domain/decisions/carry-input.ts';
import type { ChangeInput } from '#domain/decisions/change.ts';
import type { CrossInput } from '#domain/decisions/cross.ts';
import type { FundingInput } from '#domain/decisions/funding.ts';
import type { LiquidationInput } from '#domain/decisions/liquidation.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import type { ProfitInput } from '#domain/decisions/profit-input.ts';
import type { ScaleInput } from '#domain/decisions/scale-input.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';

/** What the calculators take, as the command line reads it and a saved scenario keeps it. What a number may be, the calculators say. */

const amount = z.union([z.number(), z.string().max(60)]).nullable();
/** Needed; where it is missing the calculator says what to enter. */
const has = (text: string) => amount.default(null).describe(`${text} (needed)`);
const may = (text: string) => amount.optional().describe(text);
const name = (text: string) => z.string().max(40).optional().describe(text);
const moment = (text: string) => may(`${text}: ms since 1970 UTC, or text with its zone such as 2026-01-01T08:00Z`);

const side = z.enum(['long', 'short']);
const contract = z.enum(['linear', 'inverse']).describe('inverse: profit in coin, contracts of quote money');
const margin = z.enum(['isolated', 'cross']);
const level = z.tuple([z.union([z.number(), z.string().max(60)]), z.union([z.number(), z.string().max(60)])]);
const book = z
  .strictObject({ bids: z.array(level).max(5000), asks: z.array(level).max(5000) })
  .describe('[price, quantity] per level, best first; quantities in base coins (inverse: quote money)');

const plain = z.union([z.number(), z.string().max(60)]);
export const maintenance: z.ZodType<MaintenanceRule> = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('flat'), rate: plain.describe('0.5 % is 0.005') }),
    z.strictObject({
      kind: z.literal('tiers'),
      tiers: z
        .array(
          z.strictObject({
            floor: plain.describe('where the tier starts: position value in the settle currency, or contracts'),
            rate: plain,
            cum: may('amount taken off, where the venue publishes it; else derived'),
            maxLeverage: may('most leverage in this tier'),
          }),
        )
        .max(500),
      charge: z.enum(['marginal', 'whole']).optional().describe('whole: the whole position pays its tier rate (OKX)'),
      by: z.enum(['notional', 'contracts']).optional(),
    }),
    z.strictObject({
      kind: z.literal('half-initial').describe('Hyperliquid: half the initial margin at maximum leverage'),
      tiers: z.array(z.strictObject({ floor: plain, maxLeverage: plain })).max(500),
    }),
  ])
  .describe('maintenance margin');

const terms = {
  rate: may('funding rate per interval: 0.01 % is 0.0001'),
  intervalH: may('hours between settlements; null: unknown, and then there is no figure'),
  continuous: z.boolean().optional().describe('the venue accrues without settlements: pro rata over intervalH'),
  nextFundingAt: moment('next settlement'),
};
const hold = { openAt: moment('when the position opens'), holdH: may('hours to hold') };
const reversion = z
  .strictObject({ meanPerHour: has('the mean per hour'), halfLifeH: has('measured half-life in hours') })
  .nullish()
  .describe('for the expected path');

const sizeShape = {
  contract,
  side,
  margin,
  equity: has('equity, in the settle currency (see equityIn)'),
  equityIn: z.enum(['settle', 'quote']).optional().describe('inverse only: an equity in quote is divided by the entry'),
  risk: has('share of equity to risk: 1 % is 0.01'),
  contracts: may('a quantity that is set, in contracts: in the place of the risk'),
  entry: has('entry price'),
  stop: has('stop price'),
  targets: z.array(amount).max(20).optional().describe('take-profit prices'),
  leverage: has('leverage'),
  leverageCap: may('your own cap'),
  venueMaxLeverage: may("the venue's maximum"),
  feeIn: has('fee of the entry: 0.05 % is 0.0005'),
  feeOut: has('fee of the exit'),
  slipBps: may('slippage per fill in basis points; not read with a book'),
  book: book.nullish(),
  funding: z.strictObject(terms).nullish(),
  hold: z.strictObject(hold).nullish(),
  lotStep: has('smallest step of an order, in contracts'),
  minQuantity: may('least order, in contracts'),
  contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
  minNotional: may('least order, in quote money'),
  maxQuantity: may('largest order, in contracts'),
  maxNotional: may('largest position, in quote money: where the last tier ends'),
  mark: may('mark price now: a position that would be liquidated there at once is refused'),
  maintenance: maintenance.nullish(),
  liquidationFee: may('added to maintenance'),
  otherMaintenance: may('cross: maintenance of the other positions'),
  openInterest: may('in base coins (inverse: quote money)'),
  topOfBook: may('quantity at the best price, in base coins (inverse: quote money)'),
  scale: z
    .strictObject({
      volatility: z.strictObject({ target: has('per day'), measured: has('per day') }).nullish(),
      signal: z.strictObject({ d: has('divergence per hour'), theta: has('threshold per hour') }).nullish(),
    })
    .nullish()
    .describe('multipliers of the risk, each off unless given'),
  base: name('name of the coin'),
  quote: name('name of the money'),
} satisfies Record<keyof SizeInput, z.ZodType>;
export const sizeInput: z.ZodType<SizeInput> = z.strictObject(sizeShape);

const liquidationShape = {
  contract,
  side,
  margin,
  entry: has('entry price'),
  contracts: has('contracts held'),
  contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
  leverage: may('isolated: leverage (needed); cross: not part of the price, held against the caps where it is given'),
  venueMaxLeverage: may("the venue's maximum"),
  addedMargin: may('isolated: put in on top'),
  equity: may('cross: equity in the settle currency, as it is worth at the mark where one is given, else at the entry'),
  equityIn: z.enum(['settle', 'quote']).optional().describe('inverse only: an equity in quote is divided by the mark, else by the entry'),
  otherMaintenance: may('cross: maintenance of the other positions'),
  maintenance,
  maxNotional: may('quote money: where the last tier of the venue ends; a larger position is warned of'),
  liquidationFee: may('added to maintenance'),
  fundingPaid: may('funding paid so far; received: below 0'),
  mark: may('mark price now: where the estimate starts; cross: what the equity is worth at'),
  stop: may('stop price'),
  money: name('name of the settle currency'),
  quote: name('name of the price currency'),
} satisfies Record<keyof LiquidationInput, z.ZodType>;
export const liquidationInput: z.ZodType<LiquidationInput> = z.strictObject(liquidationShape);

const fundingShape = {
  side,
  notional: has('position value at the mark, in the settle currency'),
  ...terms,
  ...hold,
  leverage: may('for the share of margin; empty: 1'),
  reversion,
  money: name('name of the settle currency'),
} satisfies Record<keyof FundingInput, z.ZodType>;
export const fundingInput: z.ZodType<FundingInput> = z.strictObject(fundingShape);

const legShape = {
  kind: z.enum(['spot', 'perp']),
  contract: contract.nullish(),
  name: name('for words'),
  price: may('venue price; not read with bid and ask, or a book'),
  bid: may('best bid'),
  ask: may('best ask'),
  book: book.nullish(),
  slipBps: may('slippage per fill in basis points; not read with a book'),
  feeIn: has('fee of the entry: 0.05 % is 0.0005'),
  feeOut: has('fee of the exit'),
  lotStep: has('smallest step of an order, in contracts'),
  contractSize: may('base units per contract (empty: 1); inverse: quote money (needed)'),
  minQuantity: may('least order, in contracts'),
  minNotional: may('least order, in quote money'),
  maxQuantity: may('largest order, in contracts'),
  maxNotional: may('largest position, in quote money: where the last tier ends'),
  multiplier: may('coins per base unit: 1000 for 1000PEPE; empty: 1'),
  ...terms,
  leverage: may('perp: leverage'),
  venueMaxLeverage: may("the venue's maximum"),
  maintenance: maintenance.nullish(),
  liquidationFee: may('added to maintenance'),
} satisfies Record<keyof CarryLeg, z.ZodType>;
const leg: z.ZodType<CarryLeg> = z.strictObject(legShape);

const carryShape = {
  long: leg,
  short: leg,
  quantity: may('coins per leg'),
  notional: may('quote money per leg, where no quantity is given'),
  ...hold,
  borrowApr: may("a year's cost of what is borrowed: 5 % is 0.05"),
  borrowShare: may('share of the notional that is borrowed; empty: 1'),
  reversion,
  history: z.array(amount).max(200_000).nullish().describe('hourly spread of the past, short minus long, per hour; null is a gap'),
  base: name('name of the coin'),
  quote: name('name of the money'),
} satisfies Record<keyof CarryInput, z.ZodType>;
export const carryInput: z.ZodType<CarryInput> = z.strictObject(carryShape);

const profitShape = {
  contract,
  side,
  margin,
  entry: has('entry price'),
  contracts: has('contracts of the position'),
  contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
  exit: has('exit price'),
  stop: may('stop price: for the loss there and R'),
  leverage: may('for the margin and the return on it; isolated: for the liquidation price too'),
  venueMaxLeverage: may("the venue's maximum"),
  addedMargin: may('isolated: put in on top'),
  equity: may('for the return on it and the share at risk; cross: the margin'),
  equityIn: z
    .enum(['settle', 'quote'])
    .optional()
    .describe('inverse only: an equity in quote is divided by the entry; of a filled position by the mark'),
  otherMaintenance: may('cross: maintenance of the other positions'),
  maintenance: maintenance.nullish(),
  liquidationFee: may('added to maintenance'),
  mark: may('mark price now'),
  feeIn: has('fee of the entry: 0.05 % is 0.0005'),
  feeOut: has('fee of the exit'),
  slipBps: may('slippage per fill in basis points; of a filled entry only at the exit'),
  filled: z.boolean().optional().describe('the entry is a fill: its slippage is in its price'),
  fundingPaid: may('funding paid since the entry, in the settle currency; received: below 0'),
  funding: z.strictObject(terms).nullish(),
  hold: z.strictObject(hold).nullish().describe('the hold that is still to come'),
  wantedNet: may('net profit that is wanted, in the settle currency'),
  wantedR: may('the same as a multiple of the loss at the stop'),
  buffer: may('move against the position that the capital is to outlast: 20 % is 0.2'),
  whatIf: z
    .strictObject({ prices: z.array(amount).max(40), holdsH: z.array(amount).max(40) })
    .nullish()
    .describe('a table of the net by exit price and hours held'),
  base: name('name of the coin'),
  quote: name('name of the money'),
} satisfies Record<keyof ProfitInput, z.ZodType>;
export const profitInput: z.ZodType<ProfitInput> = z.strictObject(profitShape);

const equityInQuote = z.enum(['settle', 'quote']).optional().describe('inverse only: what the equity is told in');
const scaleShape = {
  contract,
  side,
  margin,
  entries: z
    .array(z.strictObject({ price: has('entry price'), weight: may('relative to the others; all left out: equal') }))
    .max(20)
    .describe('in the order in which they fill'),
  stop: has('stop price of all'),
  exits: z
    .array(z.strictObject({ price: has('target price'), share: may('of the position: 50 % is 0.5; all left out: equal parts') }))
    .max(20)
    .optional(),
  equity: may('equity, in the settle currency (see equityIn); needed unless contracts are set'),
  equityIn: equityInQuote,
  risk: may('share of equity to risk with every entry filled: 1 % is 0.01; needed unless contracts are set'),
  contracts: may('the whole quantity, in contracts: in the place of the risk'),
  contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
  lotStep: has('smallest step of an order, in contracts'),
  minQuantity: may('least order, in contracts'),
  leverage: may('for the margin, and the most of the size'),
  venueMaxLeverage: may("the venue's maximum"),
  feeIn: has('fee of an entry: 0.05 % is 0.0005'),
  feeOut: has('fee of an exit'),
  slipBps: may('slippage per fill in basis points'),
  funding: z.strictObject(terms).nullish(),
  hold: z.strictObject(hold).nullish().describe('counted for the whole position'),
  maintenance: maintenance.nullish(),
  liquidationFee: may('added to maintenance'),
  base: name('name of the coin'),
  quote: name('name of the money'),
} satisfies Record<keyof ScaleInput, z.ZodType>;
export const scaleInput: z.ZodType<ScaleInput> = z.strictObject(scaleShape);

const changeShape = {
  contract,
  side: side.describe('of what is held'),
  margin,
  entry: has('entry of what is held'),
  contracts: has('contracts held'),
  contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
  change: z.enum(['add', 'reduce', 'flip']).describe('flip: close all of it and open the other side'),
  price: has('price of the fill'),
  by: may('contracts of the fill; of a flip those of the new position, empty: as many as are held'),
  fee: has('fee of the fill: 0.05 % is 0.0005'),
  slipBps: may('slippage of the fill in basis points'),
  leverage: may('isolated: for margin and liquidation price'),
  equity: may('cross: what the account is worth at the mark, else at the entry'),
  equityIn: equityInQuote,
  otherMaintenance: may('cross: maintenance of the other positions'),
  mark: may('mark price now'),
  maintenance: maintenance.nullish(),
  liquidationFee: may('added to maintenance'),
  base: name('name of the coin'),
  quote: name('name of the money'),
} satisfies Record<keyof ChangeInput, z.ZodType>;
export const changeInput: z.ZodType<ChangeInput> = z.strictObject(changeShape);

const crossShape = {
  contract: contract.describe('of all positions: they share one settle currency'),
  equity: has('what the account is worth at the marks, in the settle currency'),
  positions: z
    .array(
      z.strictObject({
        name: name('for words'),
        side,
        entry: has('entry price'),
        contracts: has('contracts held'),
        contractSize: may('base coins (inverse: quote money) per contract; empty: 1'),
        mark: has('mark price now'),
        maintenance,
        liquidationFee: may('added to maintenance'),
      }),
    )
    .max(50),
  money: name('name of the settle currency'),
  quote: name('name of the price currency'),
} satisfies Record<keyof CrossInput, z.ZodType>;
export const crossInput: z.ZodType<CrossInput> = z.strictObject(crossShape);
