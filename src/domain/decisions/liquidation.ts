import { groupedText, ONE, plainText, ZERO, type Exact } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, type Figure, type Inputs } from './figure.ts';
import {
  bankruptcyPrice,
  liquidationPrice,
  maintenanceAt,
  notionalAt,
  profitAt,
  type Liquidation,
  type Position,
} from './liquidation-price.ts';
import { tellIgnored } from './ignored.ts';
import { leverageLimit, readMaintenance, sizeLimit, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import { AMOUNT, LEVERAGE, MONEY, POSITIVE, PRICE, Reader, type Given, type Problem } from './reader.ts';
import { signOf, type Contract, type MarginMode, type Side } from './side.ts';

export interface LiquidationInput {
  readonly contract: Contract;
  readonly side: Side;
  readonly margin: MarginMode;
  readonly entry: Given;
  /** Contracts held. */
  readonly contracts: Given;
  /** Base coins (linear) or quote money (inverse) per contract; empty: 1. */
  readonly contractSize?: Given;
  /** Isolated: needed. Cross: the whole equity is the margin, so it does not enter the price. */
  readonly leverage?: Given;
  readonly venueMaxLeverage?: Given;
  /** Isolated: put in on top of notional/leverage. */
  readonly addedMargin?: Given;
  /**
   * Cross: equity in the settle currency, and the maintenance of the other positions. Where the mark is given the equity is what
   * it is worth at that mark, open profit inside; else what it was at the entry.
   */
  readonly equity?: Given;
  /** Inverse only: an equity in quote is divided by the mark, else by the entry. Else it is in the settle currency. */
  readonly equityIn?: 'settle' | 'quote' | undefined;
  readonly otherMaintenance?: Given;
  readonly maintenance: MaintenanceRule;
  /** Quote money: where the venue's last tier ends. */
  readonly maxNotional?: Given;
  readonly liquidationFee?: Given;
  /** Funding paid so far in the settle currency (received: below 0). */
  readonly fundingPaid?: Given;
  /** Where the estimate starts, and what the distance is measured from. */
  readonly mark?: Given;
  /** To see whether it comes first. */
  readonly stop?: Given;
  readonly money?: string | undefined;
  readonly quote?: string | undefined;
}

const NAMES = ['notional', 'margin', 'balance', 'liquidation', 'maintenance', 'distance', 'bankruptcy', 'partialLiquidation'] as const;
export type LiquidationFigure = (typeof NAMES)[number];

export interface LiquidationResult {
  readonly problems: readonly Problem[];
  /** True but not in the way. */
  readonly warnings: readonly Problem[];
  /** Every figure is an estimate. */
  readonly figures: Readonly<Record<LiquidationFigure, Figure>>;
  /** Null without a stop or without a figure. */
  readonly stopFirst: boolean | null;
}

export function estimateLiquidation(input: LiquidationInput): LiquidationResult {
  const read = readPosition(input);
  if ('problems' in read) return nothing(read.problems);
  const { reader, position, leverage, maintenance, maxNotional, mark, stop, inputs, balance, margin } = read;
  const money = input.money ?? '';
  const quote = input.quote ?? '';
  if (leverage !== null) checkLeverage(reader, position, maintenance, leverage, null);
  const warnings = new Reader();
  const found = liquidationPrice(position, balance, maintenance, mark);
  const margined = input.margin === 'isolated' ? 'leverage' : 'equity';
  if (found.kind === 'at-once') {
    const left = balance.plus(profitAt(position, mark ?? position.entry));
    reader.refuse(margined, ...atOnce(left, found.maintenance, money, input.margin, mark));
  }
  if (found.kind === 'price' && !position.sign.times(position.entry.minus(found.price)).gt(0)) {
    const [at, lp] = [plainText(position.entry), plainText(found.price.toSignificantDigits(8))];
    const wrong = `The estimated liquidation price ${lp} lies at or beyond the entry ${at}: only the open profit holds the position.`;
    warnings.refuse('entry', wrong, 'Take profit or add margin before the price comes back.');
  }
  if (found.kind === 'price' && mark !== null && !position.sign.times(mark.minus(found.price)).gt(0)) {
    reader.refuse('mark', ...beyondMark(mark, found.price, 'by this estimate it is liquidated already'));
  }
  if (maxNotional !== null) warnOfSize(warnings, position, mark ?? position.entry, maxNotional, quote);
  warnOfInputs(warnings, input);
  const stopFirst = stop === null || found.kind === 'at-once' ? null : comesFirst(position, stop, found);
  if (stop !== null && found.kind === 'price' && stopFirst === false) {
    const nearer = `Enter a stop ${position.sign.gt(0) ? 'above' : 'below'} ${shortPrice(found.price)}`;
    reader.refuse(
      'stop',
      stopTooFar(stop, found.price),
      input.margin === 'cross' ? `${nearer}, hold less, or put in more equity.` : `${nearer}, or lower the leverage.`,
    );
  }
  const notional = notionalAt(position, position.entry);
  const price = liquidationFigure(quote, position, balance, found);
  return {
    problems: reader.problems,
    warnings: warnings.problems,
    stopFirst,
    figures: {
      notional: figure(
        money,
        position.contract === 'linear' ? '{Q} × {entry}' : '{Q}/{entry}',
        { Q: position.units, entry: position.entry },
        notional,
      ),
      margin,
      balance: figure(money, inputs.template, inputs.of, balance),
      liquidation: price,
      maintenance:
        found.kind === 'price'
          ? figure(
              money,
              position.contract === 'linear' ? '{Q} × {LP} × {m} − {cum}' : '{Q}/{LP} × {m} − {cum}',
              { Q: position.units, LP: found.price, m: found.tier.rate, cum: found.tier.cum },
              maintenanceAt(position, found.tier, found.price),
            )
          : noFigure(money, price.reason ?? ''),
      distance: distanceFigure(found, mark ?? position.entry, position.sign),
      bankruptcy: bankruptcyFigure(quote, position, balance),
      partialLiquidation: PARTIAL,
    },
  };
}

interface ReadPosition {
  readonly reader: Reader;
  readonly position: Position;
  /** Null: cross, and none is given. */
  readonly leverage: Exact | null;
  readonly maintenance: Maintenance;
  readonly maxNotional: Exact | null;
  readonly mark: Exact | null;
  readonly stop: Exact | null;
  readonly balance: Exact;
  readonly margin: Figure;
  readonly inputs: { readonly template: string; readonly of: Inputs };
}

export function readPosition(input: LiquidationInput): ReadPosition | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const sign = signOf(input.side);
  const entry = reader.number('entry', input.entry, PRICE);
  const contracts = reader.number('contracts', input.contracts, POSITIVE);
  const contractSize = reader.or('contractSize', input.contractSize, POSITIVE, ONE);
  const cross = input.margin === 'cross';
  const leverage = reader[cross ? 'optional' : 'number']('leverage', input.leverage, LEVERAGE);
  const most = reader.optional('venueMaxLeverage', input.venueMaxLeverage, LEVERAGE);
  const paid = reader.or('fundingPaid', input.fundingPaid, MONEY, ZERO);
  const added = reader.or('addedMargin', input.addedMargin, AMOUNT, ZERO);
  const given = cross ? reader.number('equity', input.equity, POSITIVE) : ZERO;
  const other = cross ? reader.or('otherMaintenance', input.otherMaintenance, AMOUNT, ZERO) : ZERO;
  const maintenance = readMaintenance(reader, '', input.maintenance, input.liquidationFee);
  const maxNotional = reader.optional('maxNotional', input.maxNotional, POSITIVE);
  const mark = reader.optional('mark', input.mark, PRICE);
  const stop = reader.optional('stop', input.stop, PRICE);
  const equity = input.contract === 'inverse' && input.equityIn === 'quote' ? given.div(mark ?? entry) : given;
  if (most !== null && leverage?.gt(most) === true) reader.refuse('leverage', ...aboveCap(leverage, most, 'the venue allows'));
  if (!reader.ok() || maintenance === null) return { problems: reader.problems };

  const position: Position = { contract: input.contract, sign, entry, contracts, units: contracts.times(contractSize) };
  const notional = notionalAt(position, entry);
  const base = { reader, position, leverage, maintenance, maxNotional, mark, stop };
  const money = input.money ?? '';
  const own = leverage === null ? null : notional.div(leverage).plus(added);
  const margin =
    leverage === null || own === null
      ? noFigure(money, 'No leverage is given; the whole equity is the margin.')
      : figure(money, '{notional}/{L} + {added}', { notional, L: leverage, added }, own);
  if (cross || leverage === null || own === null) {
    const balance = equity.minus(other).minus(paid);
    if (mark === null)
      return { ...base, margin, balance, inputs: { template: '{equity} − {other} − {paid}', of: { equity, other, paid } } };
    const open = profitAt(position, mark);
    const inputs = { template: '{equity} − {openProfit} − {other} − {paid}', of: { equity, openProfit: open, other, paid } };
    return { ...base, margin, balance: balance.minus(open), inputs };
  }
  const inputs = { template: '{notional}/{L} + {added} − {paid}', of: { notional, L: leverage, added, paid } };
  return { ...base, margin, balance: own.minus(paid), inputs };
}

/** Refuses a leverage that the tier table does not allow; `limitOnly`: the position is sized to it, only 0 is a problem. */
export function checkLeverage(reader: Reader, position: Position, maintenance: Maintenance, leverage: Exact, limitOnly: true | null): void {
  const limit = sizeLimit(maintenance, leverage);
  if (limit === null) return;
  if (limit.isZero()) {
    reader.refuse('leverage', ...aboveCap(leverage, leverageLimit(maintenance) ?? ONE, 'the tier table allows'));
    return;
  }
  const size = maintenance.by === 'contracts' ? position.contracts : notionalAt(position, position.entry);
  if (limitOnly === null && size.gt(limit)) {
    reader.refuse(
      'leverage',
      `At ${plainText(leverage)}x the tier table allows a position of ${plainText(limit)}, this one is ${plainText(size)}.`,
      'Lower the leverage, or hold less.',
    );
  }
}

export const aboveCap = (leverage: Exact, most: Exact, who: string): [string, string] => [
  `Leverage ${plainText(leverage)}x is above the ${plainText(most)}x that ${who}.`,
  `Enter a leverage from 1 to ${plainText(most)}.`,
];

export const amount = (of: Exact, money: string): string => `${plainText(of.toSignificantDigits(8))} ${money}`.trim();

/** `mark`: where it stands now; null: at the entry. */
export const atOnce = (left: Exact, maintenance: Exact, money: string, mode: MarginMode, mark: Exact | null = null): [string, string] => [
  `The margin of ${amount(left, money)} is not above the maintenance of ${amount(maintenance, money)} at ${mark === null ? 'the entry: it would be liquidated at once' : `the mark ${plainText(mark)}: by this estimate it is liquidated already`}.`,
  mode === 'isolated' ? 'Lower the leverage.' : 'Hold less, or put in more equity.',
];

export const beyondMark = (mark: Exact, price: Exact, so: string): [string, string] => [
  `The mark ${plainText(mark)} is at or beyond the estimated liquidation price ${plainText(price.toSignificantDigits(8))}: ${so}.`,
  'Check the entry, the size and the margin, or lower the leverage.',
];

const shortPrice = (price: Exact): string => plainText(price.toSignificantDigits(8));

export const stopTooFar = (stop: Exact, price: Exact): string =>
  `The stop ${plainText(stop)} lies beyond the estimated liquidation price ${shortPrice(price)}: the position would be liquidated first.`;

/** Whether the position is liquidated at `price` before, or just when, the stop is reached. */
export const stopBeyond = (stop: Exact, price: Exact, sign: Exact): boolean => !sign.times(stop.minus(price)).gt(0);

/** True where the stop is reached before the liquidation price. */
export const comesFirst = (position: Position, stop: Exact, found: Liquidation): boolean =>
  found.kind === 'none' || (found.kind === 'price' && !stopBeyond(stop, found.price, position.sign));

const LINEAR = '({balance} + {cum} − {s} × {Q} × {entry})/({Q} × {m} − {s} × {Q})';
const INVERSE = '{Q} × ({m} + {s})/({balance} + {cum} + {s} × {Q}/{entry})';

export function liquidationFigure(quote: string, position: Position, balance: Exact, found: Liquidation): Figure {
  if (found.kind === 'none') return noFigure(quote, 'None: no price above 0 takes the margin.');
  if (found.kind === 'at-once') return noFigure(quote, AT_ONCE);
  const { price, tier, boundary } = found;
  const { sign: s, entry, units: Q } = position;
  if (boundary !== null) {
    const places = { floor: boundary, Q };
    return figure(quote, position.contract === 'linear' ? 'tier boundary {floor}/{Q}' : 'tier boundary {Q}/{floor}', places, price);
  }
  return figure(quote, position.contract === 'linear' ? LINEAR : INVERSE, { balance, cum: tier.cum, s, Q, entry, m: tier.rate }, price);
}

const BANKRUPTCY = { linear: '{entry} − {s} × {balance}/{Q}', inverse: '1/(1/{entry} + {s} × {balance}/{Q})' } as const;

export function bankruptcyFigure(quote: string, position: Position, balance: Exact): Figure {
  const price = bankruptcyPrice(position, balance);
  const { contract, entry, sign: s, units: Q } = position;
  return price === null
    ? noFigure(quote, 'None: no price above 0 takes the whole margin.')
    : figure(quote, BANKRUPTCY[contract], { entry, s, balance, Q }, price);
}

/** Of no venue are the steps documented in its folder. */
export const PARTIAL = noFigure(
  '',
  'Not modelled: the whole position is taken to be liquidated at once; a venue may close it in steps, from the same price on.',
);

const AT_ONCE = 'The margin is not above the maintenance already.';

/** A position is held whatever its size; what it needs beyond the last tier is not published. */
function warnOfSize(warnings: Reader, { contract, units }: Position, price: Exact, most: Exact, quote: string): void {
  const worth = contract === 'linear' ? units.times(price) : units;
  if (!worth.gt(most)) return;
  const money = (of: Exact): string => `${groupedText(of.toSignificantDigits(8))} ${quote}`.trim();
  warnings.refuse(
    'contracts',
    `The position of ${money(worth)} goes beyond the last tier of the venue, which ends at ${money(most)}: no rate is published for it.`,
    'Check the contracts; the estimate takes the rate of the last tier.',
  );
}

/** What is given and not read. */
function warnOfInputs(warnings: Reader, input: LiquidationInput): void {
  if (input.margin === 'cross') tellIgnored(warnings, 'addedMargin', input.addedMargin, 'with cross margin the equity is the margin');
  else {
    for (const field of ['equity', 'otherMaintenance'] as const) {
      tellIgnored(warnings, field, input[field], 'isolated margin is the notional by the leverage, and what is added');
    }
  }
}

export function distanceFigure(found: Liquidation, from: Exact, sign: Exact): Figure {
  if (found.kind === 'none') return noFigure('', 'There is no liquidation price.');
  if (found.kind === 'at-once') return noFigure('', AT_ONCE);
  const value = sign.times(from.minus(found.price)).div(from);
  return figure('', '{s} × ({price} − {LP})/{price}', { s: sign, price: from, LP: found.price }, value);
}

function nothing(problems: readonly Problem[]): LiquidationResult {
  const none = noFigure('', SHOWN_FIRST);
  return {
    problems,
    warnings: [],
    stopFirst: null,
    figures: Object.fromEntries(NAMES.map((n) => [n, none])) as Record<LiquidationFigure, Figure>,
  };
}
