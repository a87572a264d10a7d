/** Exact fractions of big integers: the second implementation counts with nothing else. */
export class Rational {
  readonly n: bigint;
  readonly d: bigint;

  constructor(n: bigint, d = 1n) {
    if (d === 0n) throw new RangeError('division by 0');
    const g = gcd(n < 0n ? -n : n, d < 0n ? -d : d) * (d < 0n ? -1n : 1n);
    this.n = n / g;
    this.d = d / g;
  }

  plus(other: Rational): Rational {
    return new Rational(this.n * other.d + other.n * this.d, this.d * other.d);
  }
  minus(other: Rational): Rational {
    return new Rational(this.n * other.d - other.n * this.d, this.d * other.d);
  }
  times(other: Rational): Rational {
    return new Rational(this.n * other.n, this.d * other.d);
  }
  over(other: Rational): Rational {
    return new Rational(this.n * other.d, this.d * other.n);
  }
  neg(): Rational {
    return new Rational(-this.n, this.d);
  }
  abs(): Rational {
    return this.n < 0n ? this.neg() : this;
  }
  /** Below 0, 0 or above 0, as this is below, at or above the other. */
  compare(other: Rational): number {
    const difference = this.n * other.d - other.n * this.d;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  floor(): Rational {
    const whole = this.n / this.d;
    return new Rational(this.n < 0n && whole * this.d !== this.n ? whole - 1n : whole);
  }
}

const gcd = (a: bigint, b: bigint): bigint => {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
};

/** From decimal text, exactly. */
export function q(value: string | number | bigint): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/u.exec(String(value));
  if (match === null) throw new RangeError(`${value} is not plain decimal text`);
  const [, sign, whole, part = '', exponent = '0'] = match;
  const power = Number(exponent) - part.length;
  const digits = BigInt(`${sign ?? ''}${whole ?? ''}${part}`);
  return power < 0 ? new Rational(digits, 10n ** BigInt(-power)) : new Rational(digits * 10n ** BigInt(power));
}

export const min = (a: Rational, b: Rational): Rational => (a.compare(b) <= 0 ? a : b);
export const max = (a: Rational, b: Rational): Rational => (a.compare(b) >= 0 ? a : b);

const TINY = new Rational(1n, 10n ** 19n);

/** `text` is the fraction to 20 digits. */
export function agrees(text: string | null, expected: Rational): boolean {
  if (text === null) return false;
  return q(text).minus(expected).abs().compare(expected.abs().times(TINY)) <= 0;
}
