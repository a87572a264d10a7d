import { asRow, isSymbol, listOf, readNumber } from '../common/read.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

/** Body of GET ticker/24hr: what was traded in a day by symbol, counted as the market does. */
export function parseVolumes({ name, traded }: Market, text: string, now: number): ReadonlyMap<string, number> {
  const volumes = new Map<string, number>();
  for (const item of listOf(name, parseBody(name, text, now), 'ticker/24hr')) {
    const row = asRow(item);
    const volume = readNumber(row?.[traded.field]);
    if (row !== null && isSymbol(row['symbol']) && volume !== null && volume >= 0) volumes.set(row['symbol'], volume);
  }
  return volumes;
}
