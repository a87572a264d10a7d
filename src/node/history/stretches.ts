import type { Stacked, Stretches } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { HistoryReader } from './reader.ts';

/** What the reads of single instruments say, behind each other: asked one by one, the questions and answers take longer than the reading. */
export function stretchesOf(
  reader: HistoryReader,
  ids: readonly InstrumentId[],
  from: number,
  to: number,
  asOf: AsOf,
  now: number,
): Stretches {
  const hours = ids.map((id) => reader.hours(id, from, to, asOf, now));
  return {
    settled: stacked(ids.map((id) => reader.settledSeen(id, from, to, asOf))),
    hours: stacked(hours.map(({ thinned: _, ...columns }) => columns)),
    prices: stacked(ids.map((id) => reader.prices(id, from, to, asOf))),
    thinned: hours.map(({ thinned }) => thinned),
    terms: ids.map((id) => reader.terms(id, asOf)),
  };
}

function stacked<C extends { readonly [K in keyof C]: Float64Array }>(parts: readonly C[]): Stacked<C> {
  const [first] = parts;
  if (first === undefined) throw new RangeError('no instrument is named');
  const names = Object.keys(first) as (keyof C)[];
  const lengths = parts.map((part) => part[names[0] as keyof C].length);
  let end = 0;
  const ends = lengths.map((length) => (end += length));
  const columns = names.map((name): [keyof C, Float64Array] => {
    const column = new Float64Array(end);
    for (const [i, part] of parts.entries()) column.set(part[name], (ends[i] ?? 0) - (lengths[i] ?? 0));
    return [name, column];
  });
  return { columns: Object.fromEntries(columns) as C, ends };
}
