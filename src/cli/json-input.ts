import { quoted, shownName } from '#domain/shown-text.ts';
import { meantBy } from '#domain/typed-number.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { UsageError } from './usage.ts';

/** Digits that every binary number keeps. */
const SAFE_DIGITS = 15;
const LONGEST = 60;
/** No input has lists within lists so deep. */
const DEEPEST = 50;

export interface JsonInput {
  readonly value: unknown;
  /** Keys that stand twice in one object, of which JSON keeps the last without a word. */
  readonly problems: readonly Problem[];
}

/**
 * A person's JSON. Long numbers stay text, so that what is typed is what is calculated; a byte order mark is no part of it.
 * Throws UsageError that says where it ends to be JSON, and what to type there.
 */
export function readJson(text: string, name: string): JsonInput {
  const json = text.replace(/^\uFEFF/u, '');
  if (json.startsWith('\uFFFD') || json.slice(0, 2).includes('\0'))
    throw new UsageError(`${name} is UTF-16 or no text at all: save it as UTF-8.`);
  if (json.trim() === '') throw new UsageError(`${name} is empty. Give one JSON object; --schema shows its fields.`);
  if (isDeep(json)) throw new UsageError(`${name} has brackets within brackets deeper than ${DEEPEST}: no calculator takes that.`);
  try {
    return { value: parseExact(json), problems: twiceIn(json) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${name} cannot be read as JSON: ${faultIn(json)} Give one JSON object; --schema shows its fields.`);
  }
}

const parseExact = (json: string): unknown =>
  JSON.parse(json, (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && (context?.source ?? '').replace(/\D/gu, '').length > SAFE_DIGITS ? context?.source : value,
  );

/** What JSON is made of; `bad`: anything else up to the next sign of structure. Linear: no two parts begin alike. */
const TOKEN = /(?<space>[\s]+)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<sign>[{}[\]:,])|(?<bare>[^\s{}[\]:,"]+)/gu;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?)$/iu;

function isDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    if (depth > DEEPEST) return true;
    if (token === '}' || token === ']') depth--;
  }
  return false;
}

interface Open {
  /** Null: a list. */
  readonly keys: Map<string, number> | null;
  readonly path: string;
  /** The key or the position that is being read. */
  at: string;
}

/** Names that no field has may be of any length. */
const pathOf = ({ path, at }: Open): string => [...(path === '' ? [] : [path]), shownName(at)].join('.');

/** Of text that is JSON: every key that stands twice, by its whole path. */
function twiceIn(json: string): Problem[] {
  const problems: Problem[] = [];
  const open: Open[] = [];
  let last = '';
  for (const { 0: token, groups = {} } of json.matchAll(TOKEN)) {
    if (groups['space'] !== undefined) continue;
    const top = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ keys: token === '{' ? new Map() : null, path: top === undefined ? '' : pathOf(top), at: '0' });
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && top?.keys === null) top.at = String(Number(top.at) + 1);
    else if (token === ':' && top !== undefined && top.keys !== null) {
      top.at = String(JSON.parse(last));
      const times = (top.keys.get(top.at) ?? 0) + 1;
      top.keys.set(top.at, times);
      if (times === 2) problems.push({ field: pathOf(top), wrong: 'It is given twice.', right: 'Leave one of the two out.' });
    }
    last = token;
  }
  return problems;
}

/** The first thing that is no JSON, with its line. */
function faultIn(json: string): string {
  let end = 0;
  let before = '';
  for (const { 0: token, index, groups = {} } of json.matchAll(TOKEN)) {
    const line = `line ${json.slice(0, index).split('\n').length}`;
    if (index > end) return `${line} has a quotation mark that is not closed.`;
    end = index + token.length;
    if (groups['space'] !== undefined) continue;
    if ((token === '}' || token === ']') && before === ',') return `${line} has a comma before ${token}: leave it out.`;
    if (groups['bare'] !== undefined && (LITERAL.test(before) || !LITERAL.test(token))) {
      const from = LITERAL.test(before) ? json.lastIndexOf(before, index - 1) : index;
      return `${line}: ${badWord(json.slice(from, from + 2 * LONGEST), token)}`;
    }
    before = token;
  }
  return end < json.length
    ? 'it has a quotation mark that is not closed.'
    : 'it ends too early, or a bracket, a comma or a colon is missing.';
}

/** `rest`: from the word on. A number may hold spaces and commas, so it is looked at up to the end of its line. */
function badWord(rest: string, token: string): string {
  const value = /^[^\n{}[\]:"]+/u.exec(rest)?.[0].trim().replace(/,$/u, '').trim() ?? token;
  const shown = quoted(meantBy(value) === null ? token : value);
  const meant = meantBy(value) ?? meantBy(token);
  if (meant !== null) return `${shown} is not a number. Type ${meant.plain}.`;
  if (/^['‘’“”]/u.test(token)) return `${shown} stands in other quotation marks: JSON has "these".`;
  if (token.startsWith('//') || token.startsWith('/*') || token.startsWith('#')) return `${shown} is a comment, which JSON does not have.`;
  return `${shown} is not understood: text and names of fields stand in quotation marks.`;
}
