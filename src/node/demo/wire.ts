import type { VenueId } from '#domain/instrument.ts';
import type { Contracts } from './contracts.ts';
import type { Process } from './process.ts';

/** The market that the wires put into words. */
export interface Model {
  readonly contracts: Contracts;
  readonly process: Process;
}

/** A request as a venue's front sees it. */
interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'application/xml' | 'application/zip' | 'text/html' | 'text/plain';
  /** Base64 of a zip, else as it is. */
  readonly body: string;
}

/** One venue's wire format over the demo market at `now`. */
export type Wire = (request: WireRequest, now: number) => WireAnswer;

export type Wires = Readonly<Record<VenueId, Wire>>;

export const json = (value: unknown, status = 200): WireAnswer => ({ status, type: 'application/json', body: JSON.stringify(value) });

/** Decimal without trailing zeros, as some venues write rates. */
export function trimmed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const short = text.includes('.') ? text.replace(/(?<!0)0+$/, '').replace(/\.$/, '') : text;
  return short === '-0' ? '0' : short;
}

/** Decimals that leave five figures or so of a price. */
export const priceDecimals = (price: number): number => Math.min(12, Math.max(1, 4 - Math.floor(Math.log10(price))));

/** Whole number of a query parameter: null where absent, NaN where it is not one. */
export function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  return /^\d{1,16}$/.test(text) ? Number(text) : NaN;
}
