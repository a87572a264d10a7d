import type { FrameInstrument, FundingCap } from './frames/frames.ts';

/** How a venue makes its rate of the premium, from `from` on (ms). Null: it differs by instrument or is not sourced. */
export interface VenueTerms {
  readonly from: number;
  /** Interest I per 8 h. */
  readonly interestPer8h: number | null;
  /** d: how far the interest may pull the premium; per paid interval. */
  readonly clamp: number | null;
  /** Largest and least rate per paid interval. */
  readonly cap: number | null;
  readonly floor: number | null;
  /** The formula is on 8 h and divides by 8/h. */
  readonly divides: boolean;
  /** Accrues without settlements, on an 8 h quote. */
  readonly continuous: boolean;
  /** 'rising': the n-th minute of the interval counts n times. */
  readonly weighting: 'equal' | 'rising';
  readonly source: string;
}

/** How a venue makes its rates: what it says of its premium, and the dated terms, newest last. The venue's own folder says it. */
export interface VenueFormula {
  /** Its polls state the venue's own premium; else mark/index - 1 stands for it, whatever they say. */
  readonly ownPremium: boolean;
  readonly terms: readonly VenueTerms[];
}

/** P is the venue's own premium (domain 3.6): what is stored and observed of it is that one. Else it is mark/index - 1, a proxy. */
export const hasOwnPremium = (formula: VenueFormula | null): boolean => formula?.ownPremium === true;

/** Positions pay all the time: what is quoted for some hours accrues by the clock hour, and that is what stands for a settlement (domain 2). */
export const accruesContinuously = (formula: VenueFormula | null | undefined): boolean => formula?.terms.at(-1)?.continuous === true;

/** Of a P that is not the venue's own. */
export const PROXY_NOTE = "proxy: the premium is mark/index - 1 as observed, not the venue's own";

/** Usual terms, for a folder to say what differs: interest and clamp per 8 h, no cap, paid for the interval, minutes equal. */
export const USUAL_TERMS = {
  from: 0,
  interestPer8h: null,
  clamp: 0.0005,
  cap: null,
  floor: null,
  divides: false,
  continuous: false,
  weighting: 'equal',
} as const;

/** Of a venue of which only the basis of the annual figure is sourced. */
export const basisOnly = (basis: { readonly divides?: true; readonly continuous?: true }, source: string): VenueFormula => ({
  ownPremium: false,
  terms: [{ ...USUAL_TERMS, clamp: null, ...basis, source }],
});

/** Terms and the times that they hold for. */
interface Held {
  readonly formula: VenueFormula | null;
  readonly from: number;
  readonly until: number;
  readonly terms: VenueTerms | null;
}

/** The last answer of termsAt: rows of one venue are asked about one after another. What asks is small, so that it is no call. */
let held: Held = { formula: null, from: Infinity, until: -Infinity, terms: null };

/** The terms in force at t; null where the venue's are not known. */
export function termsAt({ formula }: FrameInstrument, t: number): VenueTerms | null {
  if (held.formula !== formula || !(t >= held.from && t < held.until)) held = heldAt(formula, t);
  return held.terms;
}

function heldAt(formula: VenueFormula | null, t: number): Held {
  const dated = formula?.terms ?? [];
  const next = dated.findIndex(({ from }, i) => i > 0 && from > t);
  const at = next < 0 ? dated.length - 1 : next - 1;
  return {
    formula,
    // Before the first terms these stand too.
    from: at <= 0 ? -Infinity : dated[at]!.from,
    until: next < 0 ? Infinity : dated[next]!.from,
    terms: dated[at] ?? null,
  };
}

/** The interest of that time is not stored: another one stands in for it. */
export const isInterestAssumed = (instrument: FrameInstrument, t: number): boolean =>
  instrument.caps !== undefined && (statedAt(instrument, t)?.interestPer8h ?? null) === null && typeof standIn(instrument, t) === 'number';

/** Where the interest of the time is not stored. */
export const interestNotes = (instrument: FrameInstrument, t: number): string[] =>
  isInterestAssumed(instrument, t) ? ['interest: assumed, the first that was stated after it; what it was then is not stored'] : [];

/** Where the terms in force at t are from. */
export function termsNotes(instrument: FrameInstrument, t: number): string[] {
  const terms = termsAt(instrument, t);
  return [...(terms === null ? [] : [`terms: ${terms.source}`]), ...interestNotes(instrument, t)];
}

/** Changes of a venue's formula in (from, to]: windows run across them, and the audit says so. */
export const termChanges = ({ formula }: Pick<FrameInstrument, 'formula'>, from: number, to: number): readonly VenueTerms[] =>
  (formula?.terms ?? []).filter((terms) => terms.from > from && terms.from <= to);

/**
 * What stands in for an interest that is not stored: the first that was stated after t, so that a later change moves no value of the
 * past; else the newest that is known. Undefined: nothing was observed of the instrument.
 */
function standIn({ caps, interestPer8h }: FrameInstrument, t: number): number | null | undefined {
  return caps?.find((one) => one.from > t && typeof one.interestPer8h === 'number')?.interestPer8h ?? interestPer8h;
}

/** Interest I per 8 h of the instrument at t, as it had been stated by `knownAt`; else what stands in for it; null where nothing does. */
function interestAt(instrument: FrameInstrument, t: number, knownAt = t): number | null {
  const ofThen = statedAt(instrument, knownAt)?.interestPer8h ?? null;
  if (ofThen !== null) return ofThen;
  const stated = standIn(instrument, knownAt);
  return stated === undefined ? (termsAt(instrument, t)?.interestPer8h ?? null) : stated;
}

/** What the venue had stated at t of the most and the least; null where it had said nothing yet. */
function statedAt({ caps }: FrameInstrument, t: number): FundingCap | null {
  for (let i = (caps?.length ?? 0) - 1; i >= 0; i--) if (caps![i]!.from <= t) return caps![i]!;
  return null;
}

/** What holds of the instrument's terms at t holds until then (ms): the next change of the formula, or of what the venue stated. */
export function termsHoldUntil({ formula, caps = [] }: FrameInstrument, t: number): number {
  let until = Infinity;
  for (const { from } of formula?.terms ?? []) if (from > t && from < until) until = from;
  for (const { from } of caps) if (from > t && from < until) until = from;
  return until;
}

/** The largest rate per paid interval in force at t; null where it is not known. */
export const capAt = (instrument: FrameInstrument, t: number): number | null =>
  statedAt(instrument, t)?.cap ?? termsAt(instrument, t)?.cap ?? null;

/** The least one. */
export const floorAt = (instrument: FrameInstrument, t: number): number | null =>
  statedAt(instrument, t)?.floor ?? termsAt(instrument, t)?.floor ?? null;

/** I' over k: the rate per interval at which the premium does not pull; null where the interest is not known. */
export function restingRate(instrument: FrameInstrument, intervalH: number, t: number): number | null {
  // Both kinds of formula rest at the interest's share of the interval: I' = I and k = 8/h, or I' = I h/8 and k = 1.
  const interest = interestAt(instrument, t);
  return interest === null ? null : (interest * intervalH) / 8;
}

/** Hours that the venue's premium counts for: the interval, unless terms say that it is 8 (domain 3.5). */
export const premiumBasisH = (terms: VenueTerms | null, intervalH: number): number =>
  terms !== null && (terms.divides || terms.continuous) ? 8 : intervalH;

/** Everything that F takes is known of the venue at t. */
export function hasFormula(instrument: FrameInstrument, t: number): boolean {
  const terms = termsAt(instrument, t);
  return terms !== null && terms.clamp !== null && interestAt(instrument, t) !== null;
}

/** The figures of F, as theoreticalRate takes them, for working it out by hand; NaN where one is not known. */
export function formulaFigures(instrument: FrameInstrument, intervalH: number, t: number, knownAt = t) {
  const terms = termsAt(instrument, t);
  const interest = interestAt(instrument, t, knownAt) ?? NaN;
  const divides = terms?.divides ?? false;
  return {
    interest: divides ? interest : (interest * intervalH) / 8,
    clamp: terms?.clamp ?? NaN,
    divisor: divides ? 8 / intervalH : 1,
    cap: capAt(instrument, knownAt) ?? NaN,
    floor: floorAt(instrument, knownAt) ?? NaN,
  };
}

/**
 * F = clamp((P + clamp(I' - P, -d, +d))/k, floor, cap) per interval (domain 3.6); NaN where the interest or d is not known.
 * A cap or floor that is not known does not bind; those that the venue stated after `knownAt` are not known.
 */
export function theoreticalRate(instrument: FrameInstrument, premium: number, intervalH: number, t: number, knownAt = t): number {
  const terms = termsAt(instrument, t);
  const interest = interestAt(instrument, t, knownAt);
  if (terms === null || interest === null || terms.clamp === null) return NaN;
  const k = terms.divides ? 8 / intervalH : 1;
  const ofInterval = terms.divides ? interest : (interest * intervalH) / 8;
  const pull = Math.min(Math.max(ofInterval - premium, -terms.clamp), terms.clamp);
  const free = (premium + pull) / k;
  return Math.min(Math.max(free, floorAt(instrument, knownAt) ?? -Infinity), capAt(instrument, knownAt) ?? Infinity);
}
