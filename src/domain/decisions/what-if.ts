import { plainText } from './exact.ts';
import { liquidationPrice, notionalAt } from './liquidation-price.ts';
import { stopBeyond } from './liquidation.ts';
import { netOf } from './net.ts';
import { costsOf, type ProfitInput, type ReadProfit } from './profit-input.ts';
import { HOLD, PRICE, Reader } from './reader.ts';
import { paidShare, readFunding } from './settlements.ts';

export interface WhatIfCell {
  /** Net in the settle currency; null: it cannot be said. */
  readonly net: string | null;
  /** Beyond the estimated liquidation price: `net` is what was put up. */
  readonly liquidated: boolean;
}

/** Net profit by exit price and hours held: after fees, slippage and the funding that each hold is charged. */
export interface WhatIf {
  readonly unit: string;
  readonly holdsH: readonly string[];
  readonly rows: readonly { readonly price: string; readonly cells: readonly WhatIfCell[] }[];
  /** Why a hold has no figures; null: all have. */
  readonly missing: string | null;
}

const MOST = 40;

/** Each hold is charged the settlements that fall into it; price held flat for their value, as everywhere (domain 4.1). */
export function whatIfTable(reader: Reader, read: ReadProfit, input: ProfitInput, unit: string): WhatIf | null {
  if (input.whatIf === null || input.whatIf === undefined) return null;
  const { prices: askedPrices, holdsH: askedHolds } = input.whatIf;
  if (askedPrices.length > MOST || askedHolds.length > MOST) {
    reader.refuse('whatIf', `A table has at most ${MOST} prices and ${MOST} holds.`, 'Ask for fewer.');
    return null;
  }
  const prices = askedPrices.map((price, i) => reader.number(`whatIf.prices.${i}`, price, PRICE));
  const holds = askedHolds.map((hold, i) => reader.number(`whatIf.holdsH.${i}`, hold, HOLD));
  if (!reader.ok()) return null;
  const { position, margined, paidSoFar, feeIn, slipIn, charged } = read;
  const atEntry = notionalAt(position, position.entry);
  let missing: string | null = null;
  const columns = holds.map((holdH) => {
    const scratch = new Reader();
    const funding = readFunding(scratch, 'funding.', input.funding ?? {}, { ...input.hold, holdH: plainText(holdH) });
    if (!scratch.ok()) {
      missing ??= `Without the funding terms a hold of ${plainText(holdH)} h cannot be told.`;
      return null;
    }
    const share = paidShare(funding, position.sign);
    const maintenance = margined?.maintenance ?? null;
    const found =
      margined === null || maintenance === null
        ? null
        : liquidationPrice(position, margined.balance.minus(share.times(charged)), maintenance, margined.from);
    return { costs: costsOf(read, share), found };
  });
  const putUp = margined === null ? null : margined.balance.plus(paidSoFar).plus(feeIn.plus(slipIn).times(atEntry)).neg();
  return {
    unit,
    holdsH: holds.map(plainText),
    rows: prices.map((price) => ({
      price: plainText(price),
      cells: columns.map((column): WhatIfCell => {
        if (column === null) return { net: null, liquidated: false };
        const { found, costs } = column;
        const liquidated =
          putUp !== null &&
          found !== null &&
          (found.kind === 'at-once' || (found.kind === 'price' && stopBeyond(price, found.price, position.sign)));
        return { net: plainText(liquidated ? putUp : netOf(position, costs, price)), liquidated };
      }),
    })),
    missing,
  };
}
