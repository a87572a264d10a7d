export interface Multiplied {
  /** The coin without its multiplier: the key that joins instruments across venues. */
  readonly asset: string;
  /** Coins per contract unit. */
  readonly multiplier: number;
}

/**
 * Multipliers are powers of ten from 1000 up (1000PEPE, 1000000MOG), 1M (1MBABYDOGE) or, on one venue, behind the name
 * (SHIB1000). What is left has to look like a ticker, so that names that only start like one (1INCH, 1MIL, 1000X) stay whole.
 */
const DIGITS_FIRST = /^(1000+)([A-Za-z][A-Za-z0-9]+)$/u;
const MILLION_FIRST = /^1M([A-Z][A-Z0-9]{2,})$/u;
const DIGITS_LAST = /^([A-Za-z]{3,})(1000+)$/u;
/** Only a lower-case k: KAVA and KAS are names. */
const THOUSAND_FIRST = /^k([A-Z][A-Z0-9]+)$/u;

/** Splits a venue's base coin. `kPrefix`: the venue writes 1000 x PEPE as kPEPE (Hyperliquid and its kin). */
export function splitMultiplier(base: string, options: { readonly kPrefix?: boolean } = {}): Multiplied {
  const thousand = options.kPrefix === true ? THOUSAND_FIRST.exec(base)?.[1] : undefined;
  if (thousand !== undefined) return { asset: thousand, multiplier: 1000 };
  // Every other one is written with a 1.
  if (!base.includes('1')) return { asset: base, multiplier: 1 };
  const million = MILLION_FIRST.exec(base)?.[1];
  if (million !== undefined) return { asset: million, multiplier: 1_000_000 };
  const [, digits, name] = DIGITS_FIRST.exec(base) ?? [];
  if (digits !== undefined && name !== undefined) return { asset: name, multiplier: Number(digits) };
  const [, nameFirst, digitsLast] = DIGITS_LAST.exec(base) ?? [];
  if (nameFirst !== undefined && digitsLast !== undefined) return { asset: nameFirst, multiplier: Number(digitsLast) };
  return { asset: base, multiplier: 1 };
}
