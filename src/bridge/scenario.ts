import { z } from 'zod';
import type { Figure } from '#domain/decisions/figure.ts';
import { carryInput, fundingInput, liquidationInput, sizeInput } from './decisions.ts';
import { instrument } from './instrument.ts';
import { instrumentIdText } from './settings.ts';

/** Calculations that are kept by name, and positions that were marked as open. Times are epoch ms UTC. */

const time = z.number();
export const scenarioId = z.string().min(1).max(40);

const figure: z.ZodType<Figure> = z.object({
  value: z.string().nullable(),
  unit: z.string(),
  formula: z.string(),
  worked: z.string(),
  inputs: z.record(z.string(), z.string()),
  reason: z.string().nullable(),
});

const named = {
  name: z.string().trim().min(1).max(80),
  /** Of the input; of a carry those of its perpetual legs, the long one first. */
  instruments: z.array(instrumentIdText).min(1).max(2),
  /** Paths of the fields that the person typed; the rest was live. */
  typed: z.array(z.string().max(80)).max(200),
};
/** The calculator and its whole input, so that it reads the same however the market has moved since. */
const question = [
  z.strictObject({ kind: z.literal('size'), input: sizeInput }),
  z.strictObject({ kind: z.literal('carry'), input: carryInput }),
  z.strictObject({ kind: z.literal('liquidation'), input: liquidationInput }),
  z.strictObject({ kind: z.literal('funding'), input: fundingInput }),
] as const;
const [size, carry, liquidation, funding] = question;

/** `id` null: a new one; else it takes the place of that one, whose position stays open. */
const saved = { id: scenarioId.nullable(), ...named };
export const scenarioSave = z.discriminatedUnion('kind', [
  size.extend(saved),
  carry.extend(saved),
  liquidation.extend(saved),
  funding.extend(saved),
]);
export type ScenarioSave = z.infer<typeof scenarioSave>;

const plain = z
  .string()
  .max(60)
  .regex(/^\d+(\.\d+)?$/u, 'must be a plain number, such as 0.05.');

export const scenarioLeg = z.object({
  instrument: instrumentIdText,
  side: z.enum(['long', 'short']),
  /** Decimal text: contracts, and what they hold in base units (inverse: quote money). */
  contracts: plain,
  units: plain,
  entry: plain,
});
export type ScenarioLeg = z.infer<typeof scenarioLeg>;

/** What was marked as open; one leg, of a carry between two perpetuals two. */
export const scenarioPosition = z.object({
  openAt: time,
  closedAt: time.nullable(),
  legs: z.array(scenarioLeg).min(1).max(2),
  /** Alerts that hold and were told, as "leg word": each is told once until it has ended. */
  told: z.array(z.string().max(40)).max(20),
});
export type ScenarioPosition = z.infer<typeof scenarioPosition>;

const kept = { id: scenarioId, ...named, savedAt: time, position: scenarioPosition.nullable() };
export const scenario = z.discriminatedUnion('kind', [
  size.extend(kept),
  carry.extend(kept),
  liquidation.extend(kept),
  funding.extend(kept),
]);
export type Scenario = z.infer<typeof scenario>;

/** One leg of an open position, as of its venue's last poll. */
export const positionView = z.object({
  scenario: scenarioId,
  /** Which leg of the scenario's position. */
  leg: z.number(),
  name: z.string(),
  kind: z.enum(['size', 'carry', 'liquidation', 'funding']),
  instrument,
  side: z.enum(['long', 'short']),
  contracts: z.string(),
  entry: z.string(),
  openAt: time,
  mark: z.number().nullable(),
  observedAt: time.nullable(),
  /** Unrealised, at the mark, before fees and funding. */
  profit: figure,
  /** Of settled rates since the opening; `paid` below 0 was received. */
  fundingSince: z.object({
    paid: figure,
    direction: z.enum(['you pay', 'you receive', 'nothing is paid']),
    settlements: z.number(),
    atEntry: z.number(),
  }),
  nextPayment: z.object({ at: time, amount: figure, direction: z.enum(['you pay', 'you receive', 'nothing is paid']) }).nullable(),
  liquidation: figure,
  /** Share of the mark that is left to the liquidation price. */
  distance: figure,
  /** What speaks against it now, in words. */
  alerts: z.array(z.string()),
});
export type PositionView = z.infer<typeof positionView>;
