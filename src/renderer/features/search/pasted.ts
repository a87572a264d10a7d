import type { ListLook } from '#bridge/lists.ts';
import type { SearchHit } from '#bridge/contract.ts';

/** Names of a pasted text, where it holds several: between commas, semicolons, tabs and line ends. */
export function pastedNames(text: string): string[] | null {
  const names = text
    .split(/[,;\t\r\n]+/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length < 2 ? null : [...new Set(names)];
}

/** More would be a request each. */
export const MOST_PASTED = 100;

const isExactly = ({ instrument }: SearchHit, name: string): boolean =>
  [instrument.asset, instrument.symbol, ...instrument.aliases].some((own) => own.toLowerCase() === name.toLowerCase());

/** What a bare name means: the largest listed instrument that is called so; null: there is none. `hits`: of a search for it, the largest first. */
export const meantBy = (name: string, hits: readonly SearchHit[]): SearchHit | null =>
  hits.find((hit) => hit.listed && isExactly(hit, name)) ?? null;

/** What came of a pasted text. */
export interface PasteResult {
  readonly words: string;
  /** "EOS: no venue lists it". */
  readonly refused: readonly string[];
}

export const importResult = ({ words, refused }: ListLook): PasteResult => ({
  words,
  refused: refused.map(({ text, reason }) => `${text}: ${reason}`),
});

export const namesResult = (adds: number, known: number, refused: readonly string[]): PasteResult => ({
  words: `added ${adds}, known ${known}, refused ${refused.length}`,
  refused: refused.map((name) => `${name}: no venue that is on lists it by this name`),
});
