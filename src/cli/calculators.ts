import type { z } from 'zod';
import {
  carryInput,
  changeInput,
  crossInput,
  fundingInput,
  liquidationInput,
  profitInput,
  scaleInput,
  sizeInput,
} from '#bridge/decisions.ts';
import { carry } from '#domain/decisions/carry.ts';
import { changePosition } from '#domain/decisions/change.ts';
import { crossMargin } from '#domain/decisions/cross.ts';
import type { Figure } from '#domain/decisions/figure.ts';
import { fundingOverHold } from '#domain/decisions/funding.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { profitOf } from '#domain/decisions/profit.ts';
import { scalePosition } from '#domain/decisions/scale.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { shapeFaults } from './shape-faults.ts';

/** What every calculator answers; it may say more. */
export interface Answer {
  readonly problems: readonly Problem[];
  readonly warnings?: readonly Problem[];
  readonly figures: Readonly<Record<string, Figure>>;
}

export interface Calculator {
  readonly about: string;
  readonly schema: z.ZodType;
  /** Null and what is wrong where the input does not have the shape. */
  answer(input: unknown): { readonly answer: Answer } | { readonly problems: readonly Problem[] };
}

const calculator = <T>(about: string, schema: z.ZodType<T>, calculate: (input: T) => Answer): Calculator => ({
  about,
  schema,
  answer: (input) => {
    const parsed = schema.safeParse(input);
    return parsed.success ? { answer: calculate(parsed.data) } : { problems: shapeFaults(parsed.error, schema, input) };
  },
});

export const calculators: Readonly<Record<string, Calculator>> = {
  size: calculator('position size for a risk budget, with its loss at the stop, targets and liquidation price', sizeInput, sizePosition),
  profit: calculator(
    'profit and return of a position, the exit for a wanted profit or R, and a table by price and hold',
    profitInput,
    profitOf,
  ),
  scale: calculator('several entries, one stop and take-profits of parts, with their blended R', scaleInput, scalePosition),
  change: calculator('an open position after adding to it, reducing it or turning it round', changeInput, changePosition),
  cross: calculator(
    'several positions on one cross margin, each with its liquidation price while the others stand still',
    crossInput,
    crossMargin,
  ),
  liquidation: calculator('estimated liquidation price of a position', liquidationInput, estimateLiquidation),
  funding: calculator('funding over a hold, at a constant rate and with the measured decay', fundingInput, fundingOverHold),
  carry: calculator('cash-and-carry, or perpetual against perpetual, with a verdict', carryInput, carry),
};
