import { asRow, readTime } from './read.ts';

/** Rows of a list that a venue documents in no order, or in both: turned where its first time is later than its last one. */
export function oldestFirst(list: readonly unknown[], field: string): readonly unknown[] {
  const [first, last] = [list[0], list.at(-1)].map((item) => readTime(asRow(item)?.[field]));
  return typeof first === 'number' && typeof last === 'number' && first > last ? list.toReversed() : list;
}
