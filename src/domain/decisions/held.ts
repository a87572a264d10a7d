import { carryLegs } from './carry.ts';
import { isGiven } from './ignored.ts';
import type { CarryInput } from './carry-input.ts';
import { exact, plainText } from './exact.ts';
import type { FundingInput } from './funding.ts';
import type { LiquidationInput } from './liquidation.ts';
import type { MaintenanceRule } from './maintenance.ts';
import type { HeldLeg } from './open-position.ts';
import { POSITIVE, PRICE, Reader, type Given, type Problem } from './reader.ts';
import { sizePosition } from './size.ts';
import type { SizeInput } from './size-input.ts';
import type { Contract, MarginMode } from './side.ts';

/** What a calculation asks, by its calculator. */
export type Question =
  | { readonly kind: 'size'; readonly input: SizeInput }
  | { readonly kind: 'carry'; readonly input: CarryInput }
  | { readonly kind: 'liquidation'; readonly input: LiquidationInput }
  | { readonly kind: 'funding'; readonly input: FundingInput };

/** How it is margined; `maintenance` null: the calculation had none. */
export interface HeldTerms {
  readonly margin: MarginMode;
  readonly leverage: Given;
  readonly addedMargin?: Given;
  /** Cross: what it was worth at `equityMark`; empty: at the entry. */
  readonly equity?: Given;
  readonly equityMark?: Given;
  /** Cross: the fee of the entry that the equity does not hold yet, a share of the notional. */
  readonly entryFee?: Given;
  readonly otherMaintenance?: Given;
  readonly maintenance: MaintenanceRule | null;
  readonly liquidationFee?: Given;
}

/** What was really filled, leg by leg, where it differs from the calculation: prices, and how many contracts. */
export interface Fills {
  readonly entries?: readonly Given[];
  readonly contracts?: readonly Given[];
}

type Held = { readonly legs: readonly HeldLeg[] } | { readonly problems: readonly Problem[] };

/**
 * The legs that a calculation comes to when it is carried out, perpetuals only, the long one first; `contract` is the instrument's.
 */
export function heldLegs(question: Question, contract: Contract, { entries = [], contracts = [] }: Fills): Held {
  const reader = new Reader();
  const priceOr = (i: number, given: Given): string => {
    const text = entries[i] ?? given;
    const price = reader.number(`entries.${i}`, text, PRICE);
    return price.isFinite() ? plainText(price) : '';
  };
  const legs = ((): HeldLeg[] | Held => {
    switch (question.kind) {
      case 'size': {
        const { problems, figures } = sizePosition(question.input);
        const [contracts, units] = [figures.contracts.value, figures.quantity.value];
        if (contracts === null || units === null) return { problems };
        return [{ side: question.input.side, contracts, units, entry: priceOr(0, question.input.entry) }];
      }
      case 'liquidation': {
        const { side, entry } = question.input;
        const contracts = reader.number('contracts', question.input.contracts, POSITIVE);
        const size = reader.or('contractSize', question.input.contractSize, POSITIVE, exact(1));
        return [{ side, contracts: contracts.toFixed(), units: contracts.times(size).toFixed(), entry: priceOr(0, entry) }];
      }
      case 'funding': {
        const notional = reader.number('notional', question.input.notional, POSITIVE);
        const entry = priceOr(0, null);
        if (!reader.ok()) return { problems: reader.problems };
        const units = plainText(contract === 'linear' ? notional.div(entry) : notional.times(entry));
        return [{ side: question.input.side, contracts: units, units, entry }];
      }
      case 'carry': {
        const read = carryLegs(question.input);
        if ('problems' in read) return read;
        return read.legs.map((leg, i) => ({ ...leg, entry: priceOr(i, leg.entry) }));
      }
    }
  })();
  if (!Array.isArray(legs)) return legs;
  const filled = legs.map((leg, i): HeldLeg => {
    if (!isGiven(contracts[i])) return leg;
    const held = reader.number(`contracts.${i}`, contracts[i], POSITIVE);
    // A contract holds as much as it did in the calculation.
    return { ...leg, contracts: held.toFixed(), units: plainText(held.times(exact(leg.units)).div(leg.contracts)) };
  });
  return reader.ok() ? { legs: filled } : { problems: reader.problems };
}

/** How leg `i` of `heldLegs` is margined. */
export function heldTerms(question: Question, i: number): HeldTerms {
  switch (question.kind) {
    case 'size': {
      const { margin, leverage, equity, equityIn, contract, entry, feeIn, otherMaintenance, maintenance, liquidationFee } = question.input;
      const settled = contract === 'inverse' && equityIn === 'quote' ? divided(equity, entry) : equity;
      return { margin, leverage, equity: settled, entryFee: feeIn, otherMaintenance, maintenance: maintenance ?? null, liquidationFee };
    }
    case 'liquidation': {
      const { margin, leverage, addedMargin, equity, equityIn, contract, entry, mark, otherMaintenance, maintenance, liquidationFee } =
        question.input;
      const settled = contract === 'inverse' && equityIn === 'quote' ? divided(equity, isGiven(mark) ? mark : entry) : equity;
      return { margin, leverage, addedMargin, equity: settled, equityMark: mark, otherMaintenance, maintenance, liquidationFee };
    }
    case 'funding':
      return { margin: 'isolated', leverage: question.input.leverage, maintenance: null };
    case 'carry': {
      const { long, short } = question.input;
      const leg = [long, short].filter(({ kind }) => kind === 'perp')[i];
      return { margin: 'isolated', leverage: leg?.leverage, maintenance: leg?.maintenance ?? null, liquidationFee: leg?.liquidationFee };
    }
  }
}

/** Null where one of the two is no number: a scenario may be edited while its position is open. */
function divided(amount: Given, price: Given): string | null {
  const reader = new Reader();
  const quotient = reader.number('equity', amount, POSITIVE).div(reader.number('entry', price, PRICE));
  return reader.ok() ? plainText(quotient) : null;
}
