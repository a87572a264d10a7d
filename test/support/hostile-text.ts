/**
 * Texts that make a backtracking pattern slow: for each part that repeats, what leads to it, the part many times, and an end that
 * does not fit. Reads the syntax that the patterns of this project use and throws on any other, so that none is passed over.
 */
export function hostileTexts(pattern: RegExp, length: number): string[] {
  const pumps = new Reader(pattern.source).pumps();
  const texts = new Set<string>();
  for (const { lead, body } of pumps) {
    for (const unit of [body, lead + body]) {
      const many = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      for (const end of ['', '\u0001', '\n\u0001']) texts.add(lead + many + end);
    }
    // A part that repeats between others: "1 1 1 1", "a,a,a,a".
    for (const between of [' ', '.', ',', '-', '0', 'a', '/', '"'])
      texts.add(`${lead}${`${body}${between}`.repeat(length / 2).slice(0, length)}\u0001`);
  }
  return [...texts];
}

interface Pump {
  /** Shortest text that gets a match as far as the part that repeats. */
  readonly lead: string;
  readonly body: string;
}

/** What a part of a pattern matches: some texts, the shortest first. */
type Samples = readonly string[];

const CLASSES: Readonly<Record<string, Samples>> = {
  d: ['1', '0'],
  D: ['a', ' '],
  s: [' ', '\n'],
  S: ['a', '1'],
  w: ['a', '1'],
  W: [' ', '-'],
  n: ['\n'],
  r: ['\r'],
  t: ['\t'],
  b: [''],
  B: [''],
};
const PROPERTIES: Readonly<Record<string, Samples>> = {
  L: ['a'],
  N: ['1'],
  P: ['-'],
  S: ['+'],
  Cc: ['\u0001'],
  Cf: ['\u200b'],
  Cs: ['\ud800'],
  Zl: ['\u2028'],
  Zp: ['\u2029'],
  Default_Ignorable_Code_Point: ['\u034f'],
};
/** For classes that say what is left out, and for the point. */
const ANY: Samples = ['a', '1', ' ', '-', '"', '{', '='];

class Reader {
  private at = 0;
  private readonly found: Pump[] = [];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  pumps(): readonly Pump[] {
    this.alternatives('');
    if (this.at < this.source.length) throw this.unknown();
    return this.found.filter(({ body }) => body !== '');
  }

  private alternatives(lead: string): Samples {
    const all = [this.sequence(lead)];
    while (this.take('|')) all.push(this.sequence(lead));
    return all;
  }

  private sequence(lead: string): string {
    let text = '';
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] ?? '')) {
      const samples = this.atom(lead + text);
      const least = this.quantifier((most) => {
        if (most > 20) for (const body of samples) this.found.push({ lead: lead + text, body });
      });
      text += (samples[0] ?? '').repeat(least);
    }
    return text;
  }

  /** Returns how often the part must come. */
  private quantifier(told: (most: number) => void): number {
    const [all, sign, from, comma, to] = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/u.exec(this.source.slice(this.at)) ?? [''];
    this.at += all.length;
    if (all === '') return 1;
    const least = sign === '+' ? 1 : sign === undefined ? Number(from) : 0;
    told(sign === '?' ? 1 : sign !== undefined || (comma === ',' && to === '') ? Infinity : Number(to === '' ? from : to));
    return least;
  }

  private atom(lead: string): Samples {
    const group = /^\((?:\?(?:<[A-Za-z]\w*>|<?[=!]|:))?/u.exec(this.source.slice(this.at))?.[0];
    if (group !== undefined) {
      this.at += group.length;
      const inner = this.alternatives(lead);
      if (!this.take(')')) throw this.unknown();
      return /[=!]$/u.test(group) ? [''] : inner;
    }
    if (this.take('[')) return this.charClass();
    if (this.take('^') || this.take('$')) return [''];
    if (this.take('.')) return ANY;
    return this.character();
  }

  private charClass(): Samples {
    const isNot = this.take('^');
    const samples: string[] = [];
    while (!this.take(']')) {
      if (this.at >= this.source.length) throw this.unknown();
      samples.push(...this.character());
      // The end of a range is one of its samples too.
      if (this.source[this.at] === '-' && this.source[this.at + 1] !== ']') this.at += 1;
    }
    return isNot ? ANY.filter((one) => !samples.includes(one)) : [...samples.slice(0, 3), ...samples.slice(-1)];
  }

  private character(): Samples {
    if (!this.take('\\')) return [this.source[this.at++] ?? ''];
    const property = /^p\{(\w+)\}/u.exec(this.source.slice(this.at));
    const code = /^u([0-9A-Fa-f]{4})/u.exec(this.source.slice(this.at));
    const letter = this.source[this.at] ?? '';
    this.at += (property ?? code ?? [letter])[0].length;
    const samples = property ? PROPERTIES[property[1] ?? ''] : code ? [String.fromCharCode(parseInt(code[1] ?? '', 16))] : CLASSES[letter];
    if (samples !== undefined) return samples;
    if (/[A-Za-z0-9]/u.test(letter)) throw this.unknown();
    return [letter];
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private readonly unknown = (): Error => new Error(`not read: /${this.source}/ at ${this.at}`);
}
