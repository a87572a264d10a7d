import { type Exact, ONE, plainText, ZERO } from './exact.ts';
import { isGiven } from './ignored.ts';
import { aboveCap } from './liquidation.ts';
import { readMaintenance, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import { AMOUNT, FEE, LEVERAGE, POSITIVE, PRICE, RISK, SHARE, STEP, type Given, type NumberRule, type Reader } from './reader.ts';
import { paidShare, readFunding, type FundingTerms, type Hold } from './settlements.ts';
import { signOf, type Contract, type MarginMode, type Side } from './side.ts';

export interface ScaleInput {
  readonly contract: Contract;
  readonly side: Side;
  readonly margin: MarginMode;
  /** In the order in which they fill; weights are relative, all left out: equal. */
  readonly entries: readonly { readonly price: Given; readonly weight?: Given }[];
  readonly stop: Given;
  /** Shares of the filled position, together at most 1; all left out: equal parts. */
  readonly exits?: readonly { readonly price: Given; readonly share?: Given }[] | undefined;
  /** In the settle currency (see `equityIn`), and the share of it to risk with every entry filled. */
  readonly equity?: Given;
  readonly equityIn?: 'settle' | 'quote' | undefined;
  readonly risk?: Given;
  /** The whole quantity, in contracts, in the place of the risk. */
  readonly contracts?: Given;
  readonly contractSize?: Given;
  readonly lotStep: Given;
  readonly minQuantity?: Given;
  readonly leverage?: Given;
  readonly venueMaxLeverage?: Given;
  /** One way each, decimal; slippage per fill. */
  readonly feeIn: Given;
  readonly feeOut: Given;
  readonly slipBps?: Given;
  /** Counted for the whole position over the whole hold: it is filled and taken off in parts, so it is the most. */
  readonly funding?: FundingTerms | null | undefined;
  readonly hold?: Hold | null | undefined;
  readonly maintenance?: MaintenanceRule | null | undefined;
  readonly liquidationFee?: Given;
  readonly base?: string | undefined;
  readonly quote?: string | undefined;
}

export interface ReadScale {
  readonly contract: Contract;
  readonly sign: Exact;
  readonly margin: MarginMode;
  readonly entries: readonly { readonly price: Exact; readonly weight: Exact }[];
  readonly exits: readonly { readonly price: Exact; readonly share: Exact }[];
  readonly stop: Exact;
  /** In the settle currency. */
  readonly equity: Exact | null;
  /** Share of it to risk; null: the contracts are set. */
  readonly sized: Exact | null;
  readonly contracts: Exact | null;
  readonly contractSize: Exact;
  readonly lotStep: Exact;
  readonly minQuantity: Exact;
  readonly leverage: Exact | null;
  readonly onEntry: Exact;
  readonly onExit: Exact;
  /** Funding of the hold, per notional; received: below 0. */
  readonly share: Exact;
  readonly maintenance: Maintenance | null;
}

const MOST = 20;
const WEIGHT: NumberRule = { above: 0, right: 'Enter how much this entry weighs beside the others, above 0, such as 1.' };

export function readScale(reader: Reader, input: ScaleInput): ReadScale {
  const sign = signOf(input.side);
  const exits = input.exits ?? [];
  for (const [field, list] of [
    ['entries', input.entries],
    ['exits', exits],
  ] as const) {
    if (list.length > MOST) reader.refuse(field, `${list.length} are too many.`, `Plan at most ${MOST}.`);
  }
  if (input.entries.length === 0) reader.refuse('entries', 'No entry is given.', 'Enter the prices of the entries.');
  const weighed = input.entries.some(({ weight }) => isGiven(weight));
  const parted = exits.some(({ share }) => isGiven(share));
  const set = input.contracts !== null && input.contracts !== undefined;
  const funding = readFunding(reader, 'funding.', input.funding ?? {}, input.hold ?? {}, 'cost', 'hold.');
  const slip = reader.slippage('slipBps', input.slipBps);
  const most = reader.optional('venueMaxLeverage', input.venueMaxLeverage, LEVERAGE);
  const leverage = reader.optional('leverage', input.leverage, LEVERAGE);
  const equity = set ? reader.optional('equity', input.equity, POSITIVE) : reader.number('equity', input.equity, POSITIVE);
  const read: ReadScale = {
    contract: input.contract,
    sign,
    margin: input.margin,
    entries: input.entries.map(({ price, weight }, i) => ({
      price: reader.number(`entries.${i}.price`, price, PRICE),
      weight: weighed ? reader.number(`entries.${i}.weight`, weight, WEIGHT) : ONE,
    })),
    exits: exits.map(({ price, share }, i) => ({
      price: reader.number(`exits.${i}.price`, price, PRICE),
      share: parted ? reader.number(`exits.${i}.share`, share, SHARE) : ONE.div(exits.length),
    })),
    stop: reader.number('stop', input.stop, PRICE),
    equity,
    sized: set ? null : reader.number('risk', input.risk, RISK),
    contracts: set ? reader.number('contracts', input.contracts, POSITIVE) : null,
    contractSize: reader.or('contractSize', input.contractSize, POSITIVE, ONE),
    lotStep: reader.number('lotStep', input.lotStep, STEP),
    minQuantity: reader.or('minQuantity', input.minQuantity, AMOUNT, ZERO),
    leverage,
    onEntry: reader.number('feeIn', input.feeIn, FEE).plus(slip),
    onExit: reader.number('feeOut', input.feeOut, FEE).plus(slip),
    share: paidShare(funding, sign),
    maintenance:
      input.maintenance === null || input.maintenance === undefined
        ? null
        : readMaintenance(reader, '', input.maintenance, input.liquidationFee),
  };
  if (most !== null && leverage?.gt(most) === true) reader.refuse('leverage', ...aboveCap(leverage, most, 'the venue allows'));
  if (reader.ok()) refuseSides(reader, input.side, read);
  return input.contract === 'inverse' && input.equityIn === 'quote' && reader.ok() ? { ...read, equity: inCoin(read) } : read;
}

/** An equity in quote money is divided by the average of the entries by their weights, where it is put to work. */
function inCoin({ equity, entries }: ReadScale): Exact | null {
  const total = entries.reduce((all, { weight }) => all.plus(weight), ZERO);
  const coins = entries.reduce((all, { weight, price }) => all.plus(weight.div(total).div(price)), ZERO);
  return equity?.times(coins) ?? null;
}

function refuseSides(reader: Reader, side: Side, { sign, entries, exits, stop }: ReadScale): void {
  const [stopSide, targetSide] = side === 'long' ? ['below', 'above'] : ['above', 'below'];
  for (const { price } of entries) {
    if (sign.times(price.minus(stop)).gt(0)) continue;
    reader.refuse(
      'stop',
      `The stop ${plainText(stop)} is on the wrong side of the entry ${plainText(price)}.`,
      `Enter a stop ${stopSide} every entry.`,
    );
    break;
  }
  const farthest = entries.map(({ price }) => price).reduce((far, price) => (sign.times(price.minus(far)).gt(0) ? price : far));
  const wrong = exits.find(({ price }) => sign.times(price.minus(farthest)).lte(0));
  if (wrong !== undefined) {
    const at = plainText(farthest);
    reader.refuse(
      'exits',
      `The target ${plainText(wrong.price)} is on the wrong side of the entry ${at}.`,
      `Enter targets ${targetSide} ${at}.`,
    );
  }
  const shares = exits.reduce((all, { share }) => all.plus(share), ZERO);
  if (shares.minus(1).gt('1e-100')) {
    reader.refuse(
      'exits',
      `The targets take ${plainText(shares.times(100))} % of the position.`,
      'Give shares that come to at most 100 %.',
    );
  }
}
