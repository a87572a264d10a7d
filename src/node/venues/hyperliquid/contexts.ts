import type { Snapshot } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import { asRow, listOf, malformed, parseJson, readNumber, type Row } from '../common/read.ts';
import { INTERVAL_H, NAME } from './info.ts';

export interface Universe {
  /** Beside the assets: margin tables, the token that all of them settle in. */
  readonly meta: Row;
  readonly assets: readonly {
    readonly name: unknown;
    /** Null where it is no object. */
    readonly asset: Row | null;
    readonly context: Row | null;
  }[];
}

/** Body of POST /info {type: metaAndAssetCtxs}: [meta, contexts], joined by position. Throws VenueError where they do not belong together. */
export const parseUniverse = (text: string): Universe => universeIn(parseJson(NAME, text));

/** The same of a body that is parsed. */
export function universeIn(body: unknown): Universe {
  const [first, contexts] = listOf(NAME, body, 'metaAndAssetCtxs');
  const meta = asRow(first);
  const universe = listOf(NAME, meta?.['universe'], 'universe');
  const values = listOf(NAME, contexts, 'asset contexts');
  if (universe.length !== values.length) throw malformed(NAME, `${universe.length} assets but ${values.length} contexts`);
  const assets = universe.map((item, i) => ({ name: asRow(item)?.['name'], asset: asRow(item), context: asRow(values[i]) }));
  return { meta: meta ?? {}, assets };
}

/** The running values of one asset, rates per hour; null where it says no rate. */
export function snapshotOf(symbol: string, context: Row, interestPer8h: number | null, now: number): Snapshot | null {
  const rate = readNumber(context['funding']);
  if (rate === null) return null;
  return {
    symbol,
    rate,
    intervalH: INTERVAL_H,
    nextFundingAt: (Math.floor(now / HOUR_MS) + 1) * HOUR_MS,
    mark: readNumber(context['markPx']),
    index: readNumber(context['oraclePx']),
    openInterest: readNumber(context['openInterest']),
    volume24h: readNumber(context['dayNtlVlm']),
    premium: readNumber(context['premium']),
    interestPer8h,
  };
}
