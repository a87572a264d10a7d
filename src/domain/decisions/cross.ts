import { exact, type Exact, groupedText, ONE, plainText, ZERO } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, type Figure } from './figure.ts';
import { distanceFigure, liquidationFigure } from './liquidation.ts';
import { liquidationPrice, maintenanceAt, notionalAt, profitAt, type Position } from './liquidation-price.ts';
import { readMaintenance, tierAt, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import { POSITIVE, PRICE, Reader, type Given, type Problem } from './reader.ts';
import { signOf, type Contract, type Side } from './side.ts';

export interface CrossPosition {
  /** For words. */
  readonly name?: string | undefined;
  readonly side: Side;
  readonly entry: Given;
  readonly contracts: Given;
  readonly contractSize?: Given;
  readonly mark: Given;
  readonly maintenance: MaintenanceRule;
  readonly liquidationFee?: Given;
}

/** Positions of one account that share its equity: all of one settle currency. */
export interface CrossInput {
  /** Of all of them. */
  readonly contract: Contract;
  /** What the account is worth at the marks, open profit inside, in the settle currency. */
  readonly equity: Given;
  readonly positions: readonly CrossPosition[];
  /** Names of the settle and of the price currency. */
  readonly money?: string | undefined;
  readonly quote?: string | undefined;
}

export const CROSS_FIGURES = ['equity', 'openProfit', 'wallet', 'maintenance', 'used', 'free', 'notional', 'exposure', 'leverage'] as const;
export type CrossFigure = (typeof CROSS_FIGURES)[number];

export interface CrossRow {
  readonly name: string;
  readonly side: Side;
  readonly figures: Readonly<Record<'notional' | 'profit' | 'maintenance' | 'liquidation' | 'distance', Figure>>;
}

export interface CrossResult {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** In one line; '' while something is wrong. */
  readonly verdict: string;
  readonly figures: Readonly<Record<CrossFigure, Figure>>;
  readonly positions: readonly CrossRow[];
}

const MOST = 50;

/**
 * Several positions on one cross margin (Binance support, "How to Calculate Liquidation Price of USDS-M Futures Contracts"): each is
 * liquidated where the equity, with its own profit moving, meets the maintenance of all; the others stand still at their marks.
 */
export function crossMargin(input: CrossInput): CrossResult {
  const reader = new Reader();
  const equity = reader.number('equity', input.equity, POSITIVE);
  if (input.positions.length === 0) reader.refuse('positions', 'No position is given.', 'Enter a position.');
  if (input.positions.length > MOST)
    reader.refuse('positions', `${input.positions.length} positions are too many.`, `Enter at most ${MOST}.`);
  const read = input.positions.slice(0, MOST).map((given, i) => readOne(reader, input.contract, given, i));
  if (!reader.ok()) return nothing(reader.problems);
  const { money = '', quote = '' } = input;
  const held = read.flatMap((one) => (one === null ? [] : [one]));
  const total = (of: (one: Read) => Exact): Exact => held.reduce((sum, one) => sum.plus(of(one)), ZERO);
  const maintenance = total((one) => one.needed);
  const openProfit = total((one) => one.profit);
  const gross = total((one) => one.notional);
  const net = total(({ position, notional }) => position.sign.times(notional));
  if (maintenance.gte(equity)) {
    const [asks, has] = [maintenance, equity].map((of) => `${groupedText(of.toSignificantDigits(8))} ${money}`.trim());
    reader.refuse(
      'equity',
      `The positions ask for ${asks ?? ''} of maintenance, the account is worth ${has ?? ''}: it would be liquidated at once.`,
      'Put in more, or hold less.',
    );
  }
  const positions = held.map((one): CrossRow => {
    const { position, mark, profit, needed, maintenance: rule } = one;
    const balance = equity.minus(profit).minus(maintenance.minus(needed));
    const found = liquidationPrice(position, balance, rule, mark);
    const { units: Q, entry, sign: s } = position;
    const linear = input.contract === 'linear';
    return {
      name: one.name,
      side: s.gt(0) ? 'long' : 'short',
      figures: {
        notional: figure(money, linear ? '{Q} × {mark}' : '{Q}/{mark}', { Q, mark }, one.notional),
        profit: figure(
          money,
          linear ? '{s} × {Q} × ({mark} − {entry})' : '{s} × {Q} × (1/{entry} − 1/{mark})',
          { s, Q, mark, entry },
          profit,
        ),
        maintenance: figure(money, '{value} × {m} − {cum}', { value: one.notional, m: one.tier.rate, cum: one.tier.cum }, needed),
        liquidation: liquidationFigure(quote, position, balance, found),
        distance: distanceFigure(found, mark, s),
      },
    };
  });
  const inputs = { equity, openProfit, maintenance, gross };
  return {
    problems: reader.problems,
    warnings: [],
    verdict: reader.ok() ? words(positions, maintenance.div(equity)) : '',
    figures: {
      equity: figure(money, '{equity}', { equity }, equity),
      openProfit: figure(money, 'sum over {n} positions', { n: held.length }, openProfit),
      wallet: figure(money, '{equity} − {openProfit}', inputs, equity.minus(openProfit)),
      maintenance: figure(money, 'sum over {n} positions', { n: held.length }, maintenance),
      used: figure('', '{maintenance}/{equity}', inputs, maintenance.div(equity)),
      free: figure(money, '{equity} − {maintenance}', inputs, equity.minus(maintenance)),
      notional: figure(money, 'sum over {n} positions', { n: held.length }, gross),
      exposure: figure(money, 'sum of sign × notional over {n} positions', { n: held.length }, net),
      leverage: figure('x', '{gross}/{equity}', inputs, gross.div(equity)),
    },
    positions,
  };
}

interface Read {
  readonly name: string;
  readonly position: Position;
  readonly mark: Exact;
  readonly maintenance: Maintenance;
  /** At the mark, in the settle currency. */
  readonly notional: Exact;
  readonly profit: Exact;
  readonly needed: Exact;
  readonly tier: Maintenance['tiers'][number];
}

function readOne(reader: Reader, contract: Contract, given: CrossPosition, i: number): Read | null {
  const at = `positions.${i}.`;
  const before = reader.problems.length;
  const contracts = reader.number(`${at}contracts`, given.contracts, POSITIVE);
  const size = reader.or(`${at}contractSize`, given.contractSize, POSITIVE, ONE);
  const entry = reader.number(`${at}entry`, given.entry, PRICE);
  const mark = reader.number(`${at}mark`, given.mark, PRICE);
  const maintenance = readMaintenance(reader, at, given.maintenance, given.liquidationFee);
  if (maintenance === null || reader.problems.length > before) return null;
  const position: Position = { contract, sign: signOf(given.side), entry, contracts, units: contracts.times(size) };
  const notional = notionalAt(position, mark);
  const tier = maintenance.tiers[tierAt(maintenance.tiers, maintenance.by === 'contracts' ? contracts : notional)]!;
  return {
    name: given.name ?? `Position ${i + 1}`,
    position,
    mark,
    maintenance,
    notional,
    profit: profitAt(position, mark),
    needed: maintenanceAt(position, tier, mark),
    tier,
  };
}

function words(rows: readonly CrossRow[], used: Exact): string {
  const near = rows
    .flatMap(({ name, figures }) =>
      figures.distance.value === null ? [] : [{ name, distance: exact(figures.distance.value), price: figures.liquidation.value }],
    )
    .reduce<{ name: string; distance: Exact; price: string | null } | null>(
      (first, one) => (first === null || one.distance.lt(first.distance) ? one : first),
      null,
    );
  const percent = (share: Exact): string => `${plainText(share.times(100).toDecimalPlaces(2))} %`;
  const asked = `Maintenance takes ${percent(used)} of the equity`;
  return near === null || near.price === null
    ? `${asked}; no single price liquidates the account.`
    : `${asked}; nearest is ${near.name}, liquidated near ${groupedText(exact(near.price).toSignificantDigits(8))}, ${percent(near.distance)} away, while the others stand still (estimate).`;
}

const nothing = (problems: readonly Problem[]): CrossResult => ({
  problems,
  warnings: [],
  verdict: '',
  figures: Object.fromEntries(CROSS_FIGURES.map((name) => [name, noFigure('', SHOWN_FIRST)])) as Record<CrossFigure, Figure>,
  positions: [],
});
