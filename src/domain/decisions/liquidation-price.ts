import { ZERO, type Exact } from './exact.ts';
import { tierAt, type Maintenance, type ReadTier } from './maintenance.ts';
import type { Contract } from './side.ts';

/** What is held. `units` is base coin (linear) or quote money (inverse): contracts times contract size. */
export interface Position {
  readonly contract: Contract;
  /** +1 long, -1 short. */
  readonly sign: Exact;
  readonly entry: Exact;
  readonly contracts: Exact;
  readonly units: Exact;
}

/** Position value in the settle currency at `price`. */
export const notionalAt = ({ contract, units }: Position, price: Exact): Exact =>
  contract === 'linear' ? units.times(price) : units.div(price);

/** Profit in the settle currency at `price`, before costs. */
export const profitAt = (position: Position, price: Exact): Exact =>
  position.contract === 'linear'
    ? position.sign.times(position.units).times(price.minus(position.entry))
    : position.sign.times(position.units).times(position.entry.pow(-1).minus(price.pow(-1)));

/** Maintenance margin of `tier` at `price`, the liquidation fee included. */
export const maintenanceAt = (position: Position, tier: ReadTier, price: Exact): Exact =>
  notionalAt(position, price).times(tier.rate).minus(tier.cum);

export type Liquidation =
  /** `boundary`: the size where two tiers meet, when that is what liquidates. */
  | { readonly kind: 'price'; readonly price: Exact; readonly tier: ReadTier; readonly boundary: Exact | null }
  /** No price above 0 takes the margin. */
  | { readonly kind: 'none' }
  /** The margin is not above the maintenance where it starts already. */
  | { readonly kind: 'at-once'; readonly maintenance: Exact };

/**
 * The price where wallet balance + profit = maintenance, `balance` in the settle currency and before any profit. It walks from
 * the mark where one is known, else from the entry, against the position, tier by tier, and takes the first price that
 * liquidates: where only one tier agrees with its own price this is the tier "re-picked until stable"; where two tiers point at
 * each other it is the boundary between them.
 */
export function liquidationPrice(position: Position, balance: Exact, maintenance: Maintenance, mark: Exact | null = null): Liquidation {
  const { sign, entry, contracts } = position;
  const { tiers, by } = maintenance;
  const sizeAt = (price: Exact): Exact => (by === 'contracts' ? contracts : notionalAt(position, price));
  const needed = (price: Exact): Exact => maintenanceAt(position, tiers[tierAt(tiers, sizeAt(price))]!, price);
  const lives = (price: Exact): boolean => balance.plus(profitAt(position, price)).gt(needed(price));
  const from = mark !== null && lives(mark) ? mark : entry;
  if (!lives(from)) return { kind: 'at-once', maintenance: needed(mark ?? entry) };
  const found = walk(position, balance, maintenance, from);
  // Liquidated at the mark already, unless the price says the same by lying beyond it.
  const isSaid = mark === null || lives(mark) || (found.kind === 'price' && !sign.times(mark.minus(found.price)).gt(0));
  return isSaid ? found : { kind: 'at-once', maintenance: needed(mark) };
}

function walk(position: Position, balance: Exact, { tiers, by }: Maintenance, from: Exact): Liquidation {
  const { contract, sign, contracts, units } = position;
  const sizeAt = (price: Exact): Exact => (by === 'contracts' ? contracts : notionalAt(position, price));
  const priceAt = (size: Exact): Exact => (contract === 'linear' ? size.div(units) : units.div(size));
  // A linear position grows in value with the price, an inverse one as it falls.
  const grows = (contract === 'linear') === sign.lt(0);
  let at = tierAt(tiers, sizeAt(from));
  let edgeBefore: { readonly price: Exact; readonly size: Exact } | null = null;
  for (;;) {
    const tier = tiers[at]!;
    const price = solve(position, balance, tier);
    if (edgeBefore !== null && price !== null && sign.times(price.minus(edgeBefore.price)).gt(0)) {
      return { kind: 'price', price: edgeBefore.price, tier, boundary: edgeBefore.size };
    }
    const floor = grows ? tiers[at + 1]?.floor : tier.floor;
    const edge = by === 'contracts' || floor === undefined || floor.isZero() ? null : { price: priceAt(floor), size: floor };
    if (edge === null) return price === null ? { kind: 'none' } : { kind: 'price', price, tier, boundary: null };
    if (price !== null && !sign.times(price.minus(edge.price)).lt(0)) return { kind: 'price', price, tier, boundary: null };
    at += grows ? 1 : -1;
    edgeBefore = edge;
  }
}

/** Domain 4.1 with one tier; null where no price above 0 solves it. */
function solve({ contract, sign, entry, units }: Position, balance: Exact, { rate, cum }: ReadTier): Exact | null {
  const own = balance.plus(cum);
  const [above, below] =
    contract === 'linear'
      ? [own.minus(sign.times(units).times(entry)), units.times(rate.minus(sign))]
      : [units.times(rate.plus(sign)), own.plus(sign.times(units).div(entry))];
  if (below.isZero()) return null;
  const price = above.div(below);
  return price.gt(ZERO) ? price : null;
}

/**
 * The price at which the whole margin is lost, nothing left for maintenance: balance + profit = 0 (Bybit help, "Bankruptcy Price";
 * isolated and linear it is entry x (1 - s/L)). Null: no price above 0 takes it.
 */
export const bankruptcyPrice = (position: Position, balance: Exact): Exact | null =>
  solve(position, balance, { floor: ZERO, rate: ZERO, cum: ZERO, maxLeverage: null });
