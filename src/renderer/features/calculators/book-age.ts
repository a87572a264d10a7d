import type { CalculatorFacts } from '#bridge/facts.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { age } from '../../format/time.ts';
import { REFRESH_MS } from './facts-feed.svelte.ts';
import type { FieldSpec } from './fields.ts';
import type { CalculatorForm } from './form.ts';

/** Books are asked for in real time, so they age in it: `speed` is clock ms per real ms. */
export const bookFreshMs = (speed: number): number => 3 * REFRESH_MS * speed;

/** As old as this nothing is filled from it. */
const DEAD_MS = 300_000;

/** A dead book is none, and says why. */
export function withoutDeadBook(facts: CalculatorFacts | null, now: number, speed: number): CalculatorFacts | null {
  const at = facts?.book?.at;
  if (facts === null || at === undefined || now - at <= DEAD_MS * speed) return facts;
  const why = `The order book is ${age(now - at)} old: too old to work out a fill from it.`;
  return { ...facts, book: null, missing: [...facts.missing, { what: 'book', why }] };
}

/** At the fields whose fills rest on a book that is old, or that was to be walked and is not there. */
export function bookWarnings(fields: readonly FieldSpec[], { text, live, now, missing, isTyped }: CalculatorForm): Problem[] {
  return fields.flatMap(({ beside }) => {
    if (beside?.options?.some(({ value }) => value === 'book') !== true) return [];
    const { at = null, freshMs = Infinity } = live(beside.key) ?? {};
    const warn = (wrong: string, right: string): Problem[] => [{ field: beside.at, wrong, right }];
    if (text(beside.key) === 'book') {
      if (at === null || now - at <= freshMs) return [];
      return warn(`The order book is ${age(now - at)} old: the market may have moved.`, 'Type the slippage, or wait for the venue.');
    }
    // Only a leg of a carry walks its book unasked.
    const why = at === null && beside.key.endsWith('.from') && !isTyped(beside.key) ? missing(beside.key) : null;
    return why === null ? [] : warn(why, 'Slippage is taken as typed until there is a book.');
  });
}
