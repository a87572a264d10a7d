import { CARRY_FIGURES, carryFigures, type CarryFigure, type CarrySums, type LegFigure } from './carry-figures.ts';
import { historyFigures } from './carry-history.ts';
import { commonStep, readCarry, type CarryInput, type ReadCarry, type ReadLeg } from './carry-input.ts';
import { ceilTo, Exact, floorTo, ONE, plainText } from './exact.ts';
import { figure, noFigure, type Figure } from './figure.ts';
import { aboveCap, atOnce, liquidationFigure, SHOWN_FIRST } from './liquidation.ts';
import { liquidationPrice, notionalAt, type Position } from './liquidation-price.ts';
import { leverageLimit, sizeLimit } from './maintenance.ts';
import type { HeldLeg } from './open-position.ts';
import { Reader, type Problem } from './reader.ts';

export interface Verdict {
  readonly kind: 'earns' | 'loses' | 'unknown';
  /** Plain sentences for a person. */
  readonly words: string;
}

export interface CarryResult {
  readonly problems: readonly Problem[];
  readonly figures: Readonly<Record<CarryFigure, Figure>>;
  readonly verdict: Verdict;
}

/** Cash-and-carry or perp against perp after domain 4.2: what a hold brings, what it costs, and whether it is worth it. */
export function carry(input: CarryInput): CarryResult {
  const reader = new Reader();
  const read = readCarry(reader, input);
  if (!reader.ok()) return nothing(reader.problems);
  const step = commonStep(read.long.step, read.short.step);
  const coins = floorTo(read.wanted, step);
  refuseMinimum(reader, read, coins, step);
  if (!reader.ok()) return nothing(reader.problems);

  const names = { base: input.base ?? '', quote: input.quote ?? '' };
  const legs = {
    ...legFigures(reader, read.long, ONE, coins, names.quote),
    ...legFigures(reader, read.short, ONE.neg(), coins, names.quote),
  };
  if (!reader.ok()) return nothing(reader.problems);
  const { figures, sums } = carryFigures({ read, coins, step, ...names });
  const history = historyFigures(input.history);
  return {
    problems: [],
    figures: { ...figures, ...(legs as Record<LegFigure, Figure>), ...history },
    verdict: judge(sums, read, names.quote, history.againstShare),
  };
}

/** The perpetual legs of the carry, rounded to what both trade; entries by the venue's unit. Problems where there is no size. */
export function carryLegs(input: CarryInput): { readonly legs: readonly HeldLeg[] } | { readonly problems: readonly Problem[] } {
  const reader = new Reader();
  const read = readCarry(reader, input);
  if (!reader.ok()) return { problems: reader.problems };
  const step = commonStep(read.long.step, read.short.step);
  const coins = floorTo(read.wanted, step);
  refuseMinimum(reader, read, coins, step);
  if (!reader.ok()) return { problems: reader.problems };
  const legs = [read.long, read.short].filter(({ kind }) => kind === 'perp');
  return {
    legs: legs.map((leg) => {
      const units = coins.div(leg.multiplier);
      return {
        side: leg.field,
        contracts: plainText(units.div(leg.contractSize)),
        units: plainText(units),
        entry: plainText(leg.mid.times(leg.multiplier)),
      };
    }),
  };
}

function refuseMinimum(reader: Reader, { long, short, wanted, sizedBy, mid }: ReadCarry, coins: Exact, step: Exact): void {
  for (const leg of [long, short]) {
    const least = Exact.max(leg.least, leg.minNotional.div(leg.mid), step);
    if (coins.gte(least)) continue;
    const whole = ceilTo(least, step);
    reader.refuse(
      sizedBy,
      `${plainText(wanted.toSignificantDigits(8))} coins come to ${plainText(coins)} in steps of ${plainText(step)} that both legs trade; ${leg.name} takes at least ${plainText(least.toSignificantDigits(8))}.`,
      `Enter at least ${plainText((sizedBy === 'notional' ? whole.times(mid) : whole).toSignificantDigits(8, 0))}${sizedBy === 'notional' ? ' per leg' : ''}.`,
    );
    return;
  }
}

function legFigures(reader: Reader, leg: ReadLeg, sign: Exact, coins: Exact, quote: string): Record<string, Figure> {
  const [price, distance] = [`${leg.field}Liquidation`, `${leg.field}Distance`];
  const none = (reason: string): Record<string, Figure> => ({ [price]: noFigure(quote, reason), [distance]: noFigure('', reason) });
  if (leg.kind === 'spot') return none('A spot leg is not liquidated.');
  const { maintenance } = leg;
  if (maintenance === null) return none('No maintenance rate is known.');
  const units = coins.div(leg.multiplier);
  // By the venue's own unit and price.
  const position: Position = {
    contract: 'linear',
    sign,
    entry: leg.mid.times(leg.multiplier),
    contracts: units.div(leg.contractSize),
    units,
  };
  const notional = notionalAt(position, position.entry);
  const limit = sizeLimit(maintenance, leg.leverage);
  if (limit !== null && (maintenance.by === 'contracts' ? position.contracts : notional).gt(limit)) {
    const field = `${leg.field}.leverage`;
    if (limit.isZero()) reader.refuse(field, ...aboveCap(leg.leverage, leverageLimit(maintenance) ?? ONE, 'the tier table allows'));
    else
      reader.refuse(
        field,
        `At ${plainText(leg.leverage)}x the tier table allows ${plainText(limit)} at most.`,
        'Lower the leverage, or the size.',
      );
    return {};
  }
  const balance = notional.div(leg.leverage);
  const found = liquidationPrice(position, balance, maintenance);
  if (found.kind === 'at-once') reader.refuse(`${leg.field}.leverage`, ...atOnce(balance, found.maintenance, quote, 'isolated'));
  if (found.kind !== 'price') return { ...none('None: no price above 0 takes the margin.') };
  const entry = position.entry;
  return {
    [price]: liquidationFigure(quote, position, balance, found),
    [distance]: figure(
      '',
      '{s} × ({entry} − {LP})/{entry}',
      { s: sign, entry, LP: found.price },
      sign.times(entry.minus(found.price)).div(entry),
    ),
  };
}

/** Two decimals, or three digits where that would say nothing. */
const spoken = (value: Exact): string =>
  (value.abs().gte('0.1') || value.isZero() ? value.toDecimalPlaces(2) : value.toSignificantDigits(3)).toFixed();
/** As the figures beside it show it: cents always, and more where cents would say nothing. */
const money = (value: Exact, quote: string): string =>
  `${value.abs().gte('0.1') ? value.abs().toFixed(2) : spoken(value.abs())} ${quote}`.trim();
const percent = (value: Exact): string => `${spoken(value.times(100))} %`;
const hours = (value: Exact): string => `${spoken(value)} h`;

/** The verdict is about the flat figure; where decay is measured and says otherwise, it says so. */
function judge(
  { gross, funding, cost, net, expectedNet, breakEvenH, netAprOnCapital, thin }: CarrySums,
  read: ReadCarry,
  quote: string,
  against: Figure,
): Verdict {
  if (net === null || cost === null || netAprOnCapital === null) return { kind: 'unknown', words: `No verdict. ${thin ?? ''}`.trim() };
  const hold = hours(read.holdH);
  const words: string[] = [];
  const brings = funding.lt(0) ? `funding takes another ${money(funding, quote)}` : `funding brings ${money(funding, quote)}`;
  if (net.gt(0)) {
    words.push(
      `Over ${hold} this earns ${money(net, quote)} after costs of ${money(cost, quote)}: ${percent(netAprOnCapital)} a year on capital.`,
    );
    if (breakEvenH !== null) words.push(`Costs are earned back after ${hours(breakEvenH)}.`);
  } else {
    words.push(
      `Not worth it: over ${hold} ${brings}, costs are ${money(cost, quote)}, so you ${net.isZero() ? 'end at nothing' : `lose ${money(net, quote)}`}.`,
    );
    if (breakEvenH !== null) words.push(`At today's rates it takes ${hours(breakEvenH)} to earn the costs back.`);
    else
      words.push(
        gross.lte(0)
          ? 'It never breaks even: the funding runs against it.'
          : 'It never breaks even: borrowing costs more than the funding brings.',
      );
  }
  if (expectedNet !== null) {
    const verb = expectedNet.gt(0) ? 'earns' : 'loses';
    words.push(`If the spread returns to its mean as measured, it ${verb} ${money(expectedNet, quote)}.`);
  }
  if (against.value !== null) {
    const hours = against.inputs['hours'] ?? '';
    words.push(`In ${percent(new Exact(against.value))} of the ${hours} stored hours the spread was the other way round.`);
  }
  return { kind: net.gt(0) ? 'earns' : 'loses', words: words.join(' ') };
}

function nothing(problems: readonly Problem[]): CarryResult {
  const none = noFigure('', SHOWN_FIRST);
  return {
    problems,
    figures: Object.fromEntries(CARRY_FIGURES.map((name) => [name, none])) as Record<CarryFigure, Figure>,
    verdict: { kind: 'unknown', words: `No verdict. ${SHOWN_FIRST}` },
  };
}
