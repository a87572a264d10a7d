import type { VenueId } from '../instrument.ts';
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
  /** Its polls state the venue's own premium; else mark/index - 1 stands for it. */
  readonly ownPremium: boolean;
  readonly source: string;
}

const ALWAYS = 0;
const usual = {
  from: ALWAYS,
  clamp: 0.0005,
  cap: null,
  floor: null,
  divides: false,
  continuous: false,
  weighting: 'equal',
  ownPremium: false,
} as const;
/** Venues of which only the basis of the annual figure is sourced. */
const basisOnly = (basis: { divides?: true; continuous?: true }, source: string): readonly VenueTerms[] => [
  { ...usual, clamp: null, interestPer8h: null, ...basis, source },
];

/**
 * Newest last. An instrument's own interest, cap and floor, where the venue states them, stand before these: Binance's
 * premiumIndex states the interest and fundingInfo the cap and floor of those it adjusted, Bybit's tickers the cap.
 */
const TERMS: Readonly<Record<VenueId, readonly VenueTerms[]>> = {
  binance: [
    { ...usual, interestPer8h: 0.0001, source: 'Binance: Introduction to funding rates, as before 2025-09-18' },
    {
      ...usual,
      from: Date.UTC(2025, 8, 18, 8, 1),
      interestPer8h: 0.0001,
      divides: true,
      source: 'Binance announcement of 2025-09-16: funding rate formula from 2025-09-18 08:01 UTC',
    },
  ],
  // Of coins; shares rest at 0, which its list of instruments tells.
  bybit: [{ ...usual, interestPer8h: 0.0001, weighting: 'rising', source: 'Bybit help centre: Introduction to funding rate' }],
  hyperliquid: [
    {
      ...usual,
      interestPer8h: 0.0001,
      cap: 0.04,
      floor: -0.04,
      divides: true,
      ownPremium: true,
      source: 'Hyperliquid docs: Trading, Funding',
    },
  ],
  okx: basisOnly({ divides: true }, 'OKX: formula on 8 h; a revision announced 2026-05-29 has no sourced date'),
  bitget: basisOnly({ divides: true }, 'Bitget: formula on 8 h'),
  gate: basisOnly({ divides: true }, 'Gate: formula on 8 h; changed 2026-05-27 (news)'),
  dydx: basisOnly({ divides: true }, 'dYdX v4: 8 h premium paid hourly'),
  deribit: basisOnly({ continuous: true }, 'Deribit: continuous, quoted for 8 h'),
  paradex: basisOnly({ continuous: true }, 'Paradex: continuous, quoted for 8 h'),
};

export const VENUES_WITH_TERMS: readonly VenueId[] = Object.keys(TERMS);

/** Terms and the times that they hold for. */
interface Held {
  readonly venue: VenueId;
  readonly from: number;
  readonly until: number;
  readonly terms: VenueTerms | null;
}

/** The last answer of termsAt: rows of one venue are asked about one after another. What asks is small, so that it is no call. */
let held: Held = { venue: '', from: Infinity, until: -Infinity, terms: null };

/** The terms in force at t; null where the venue's are not known. */
export function termsAt({ venue }: FrameInstrument, t: number): VenueTerms | null {
  if (held.venue !== venue || !(t >= held.from && t < held.until)) held = heldAt(venue, t);
  return held.terms;
}

function heldAt(venue: VenueId, t: number): Held {
  const dated = TERMS[venue] ?? [];
  const next = dated.findIndex(({ from }, i) => i > 0 && from > t);
  const at = next < 0 ? dated.length - 1 : next - 1;
  return {
    venue,
    // Before the first terms these stand too.
    from: at <= 0 ? -Infinity : dated[at]!.from,
    until: next < 0 ? Infinity : dated[next]!.from,
    terms: dated[at] ?? null,
  };
}

/** Where the terms in force at t are from. */
export function termsNotes(instrument: FrameInstrument, t: number): string[] {
  const terms = termsAt(instrument, t);
  return terms === null ? [] : [`terms: ${terms.source}`];
}

/** Changes of a venue's formula in (from, to]: windows run across them, and the audit says so. */
export const termChanges = (venue: VenueId, from: number, to: number): readonly VenueTerms[] =>
  (TERMS[venue] ?? []).filter((terms) => terms.from > from && terms.from <= to);

/** Interest I per 8 h of the instrument at t; null where it is not known. */
function interestAt(instrument: FrameInstrument, t: number): number | null {
  const stated = instrument.interestPer8h;
  return stated === undefined ? (termsAt(instrument, t)?.interestPer8h ?? null) : stated;
}

/** What the venue had stated at t of the most and the least; null where it had said nothing yet. */
function statedAt({ caps }: FrameInstrument, t: number): FundingCap | null {
  for (let i = (caps?.length ?? 0) - 1; i >= 0; i--) if (caps![i]!.from <= t) return caps![i]!;
  return null;
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

/** The figures of F, as theoreticalRate takes them, for whoever works it out by hand; NaN where one is not known. */
export function formulaFigures(instrument: FrameInstrument, intervalH: number, t: number, knownAt = t) {
  const terms = termsAt(instrument, t);
  const interest = interestAt(instrument, t) ?? NaN;
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
  const interest = interestAt(instrument, t);
  if (terms === null || interest === null || terms.clamp === null) return NaN;
  const k = terms.divides ? 8 / intervalH : 1;
  const ofInterval = terms.divides ? interest : (interest * intervalH) / 8;
  const pull = Math.min(Math.max(ofInterval - premium, -terms.clamp), terms.clamp);
  const free = (premium + pull) / k;
  return Math.min(Math.max(free, floorAt(instrument, knownAt) ?? -Infinity), capAt(instrument, knownAt) ?? Infinity);
}
