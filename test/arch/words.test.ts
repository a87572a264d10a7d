import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** People are persons, programs are named: neither is a pronoun. */
const PRONOUNS = /\b(?:nobody|whoever|whomever|somebody|someone|anybody|anyone)\b/iu;
/** Parts of names that meant several things or said little, each with the word that took its place (ARCHITECTURE.md, "Words"). */
const NAMES: Readonly<Record<string, string>> = {
  beat: 'heartbeat, step',
  desk: 'terminal, panel',
  sheet: 'form, table, stylesheet',
  signs: 'glyphs',
  turns: 'alternating, queued',
};

const files = execFileSync('git', ['ls-files', 'src', 'docs', 'README.md', 'ARCHITECTURE.md'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:ts|svelte|md)$/u.test(file));

const linesWith = (text: string, isBad: (line: string) => boolean): string[] => text.split('\n').filter(isBad);

/** Names in declarations alone: prose may turn a thing round, and a sheet of paper is one. */
const DECLARED = /(?<![\w'])(?:const|let|function|interface|type|class|readonly|get)\b +#?([A-Za-z][A-Za-z0-9_]*)/gu;
const partsOf = (name: string): string[] => name.split(/_|(?<=[a-z0-9])(?=[A-Z])/u).map((part) => part.toLowerCase());
const badNames = (text: string): string[] =>
  [...text.matchAll(DECLARED)].flatMap(([, name = '']) => (partsOf(name).some((part) => Object.hasOwn(NAMES, part)) ? [name] : []));

describe('words', () => {
  test('no comment, text or page speaks of a person as a pronoun', () => {
    const found = files.flatMap((file) =>
      linesWith(readFileSync(file, 'utf8'), (line) => PRONOUNS.test(line)).map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
  });
  test('no name is built of a word that meant several things', () => {
    const found = files
      .filter((file) => !file.endsWith('.md'))
      .flatMap((file) => badNames(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`));
    expect(found).toEqual([]);
  });
  test('a planted one of each is found', () => {
    expect(linesWith('/** Whoever asks. */\nconst asks = 1;', (line) => PRONOUNS.test(line))).toHaveLength(1);
    expect(badNames('const singleSheet = 1; readonly #beat = 2; function lookUp() {}')).toEqual(['singleSheet', 'beat']);
  });
});
