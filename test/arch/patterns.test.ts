import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { hostileTexts } from '#test/support/hostile-text.ts';

const src = resolve(import.meta.dirname, '../../src');
const LENGTH = 8000;
/** So many times what a loop over the text takes; a pattern that goes back over it takes thousands of times. */
const MOST = 150;

interface Found {
  readonly where: string;
  readonly pattern: RegExp;
}

function regExpOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1).replace('y', ''));
}

function inScript(text: string, where: string): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push({ where, pattern: regExpOf(node.text) });
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp')
      throw new Error(`${where}: a pattern that is made at run time cannot be tried here`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(where, text, ts.ScriptTarget.Latest, true));
  return found;
}

function inSvelte(text: string, where: string): Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('regex' in node && 'raw' in node && typeof node.raw === 'string') found.push({ where, pattern: regExpOf(node.raw) });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parse(text, { modern: true }));
  return found;
}

const patterns = readdirSync(src, { recursive: true, encoding: 'utf8' }).flatMap((name): Found[] => {
  if (!/\.(?:ts|mjs|svelte)$/u.test(name)) return [];
  const text = readFileSync(join(src, name), 'utf8');
  return name.endsWith('.svelte') ? inSvelte(text, name) : inScript(text, name);
});

const best = (times: number, run: () => void): number => {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    run();
    least = Math.min(least, performance.now() - from);
  }
  return least;
};

let sum = 0;
const loopMs = best(20, () => {
  const text = 'a'.repeat(LENGTH);
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
});

/** The text that takes longer than a pattern which reads it once can take; null where there is none. */
function tooSlow(pattern: RegExp): string | null {
  // Short ones first: what doubles with each character would not come back from a long one.
  for (const length of [16, 22, 26, 1000, LENGTH]) {
    for (const text of hostileTexts(pattern, length)) {
      const once = () => void text.replace(pattern, '');
      if (best(1, once) > loopMs * MOST && best(4, once) > loopMs * MOST) return text.slice(0, 60);
    }
  }
  return null;
}

describe('patterns read what they are given once', () => {
  test('the trial catches those that do not', () => {
    const slow = [
      /^\d+\.?\d*$/u,
      /\/+$/u,
      /\s*%?$/u,
      /^(?:a+)+$/u,
      /\B(?=(?:\d{3})+$)/gu,
      /T.*(?:Z|[+-]\d{2})$/u,
      / per .*$/u,
      /\{([^}]+)\}/gu,
    ];
    expect(slow.filter((pattern) => tooSlow(pattern) === null)).toEqual([]);
    const quick = [/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu, /(?<!\/)\/+$/u, /\s+/gu, /^"([^"]*(?:""[^"]*)*)"/u];
    expect(quick.filter((pattern) => tooSlow(pattern) !== null)).toEqual([]);
    expect(sum).toBeGreaterThan(0);
  }, 60_000);

  test('every pattern of the sources', () => {
    expect(patterns.length).toBeGreaterThan(50);
    const slow = patterns.map(({ where, pattern }) => ({ where, pattern: String(pattern), on: tooSlow(pattern) }));
    expect(slow.filter(({ on }) => on !== null)).toEqual([]);
  }, 120_000);
});
