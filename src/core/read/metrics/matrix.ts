import type { MatrixRow } from '#bridge/contract.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { LEG_EXCLUDED, LEG_UNCONFIRMED } from '#domain/metrics/frames/frames.ts';
import { assetFrame } from '#domain/metrics/frames/group.ts';
import { findSpreadPair, whyTooFew } from '#domain/metrics/spread-pair.ts';
import { hourClose } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';
import { isListed, type Listings } from '../../listings.ts';
import { legOf, type Observation } from './metric-live.ts';
import type { MetricSource } from './metric-source.ts';

interface MatrixOptions {
  readonly observation: (id: InstrumentId) => Observation;
  /** D of now; null where the instrument is not followed. */
  readonly d: (id: InstrumentId) => number | null;
  readonly now: () => number;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null);

/** One asset over its instruments, of now (domain 3.4): only what is fresh and is this coin has a say in the spread. */
export function matrixRow(asset: string, ids: readonly InstrumentId[], { observation, d, now }: MatrixOptions): MatrixRow {
  const legs = ids.map(observation);
  const close = hourClose(now());
  const group = assetFrame(
    legs.map((leg) => legOf(leg, close)),
    null,
  );
  const pair = findSpreadPair(group, 0, { high: -1, low: -1, count: 0 });
  const [short, long] = [group.legs[pair.high], group.legs[pair.low]];
  const compared = short !== undefined && long !== undefined && pair.count >= 2;
  return {
    asset,
    cells: legs.map((leg, i) => ({
      instrument: leg.instrument.id,
      venue: leg.instrument.venue,
      f: leg.snapshot === null || leg.freshness === 'dead' ? null : finite(perHour(leg.snapshot.rate, leg.intervalH)),
      d: d(leg.instrument.id),
      observedAt: leg.snapshot === null ? null : leg.observedAt,
      left: whyLeft(leg, group.legs[i]?.standing[0]),
    })),
    spread: compared ? finite((short.f[0] ?? NaN) - (long.f[0] ?? NaN)) : null,
    short: compared ? short.instrument.id : null,
    long: compared ? long.instrument.id : null,
    reason: compared ? null : whyTooFew(group, 0),
  };
}

function whyLeft({ snapshot, freshness, intervalH }: Observation, standing: number | undefined): string | null {
  if (snapshot === null) return 'gap';
  if (freshness !== 'fresh') return 'stale';
  if (Number.isNaN(intervalH)) return 'interval-unknown';
  return standing === LEG_EXCLUDED ? 'excluded' : standing === LEG_UNCONFIRMED ? 'unconfirmed' : null;
}

export interface MatrixParts extends Pick<MatrixOptions, 'd' | 'now'> {
  readonly listings: Pick<Listings, 'get'>;
  readonly source: Pick<MetricSource, 'moment' | 'byAsset'>;
  readonly instrument: (id: InstrumentId) => Instrument;
}

/** Of the assets of these instruments, or of every asset that two venues list; widest spread first. */
export function matrixOf({ listings, source, instrument, d, now }: MatrixParts, list: readonly InstrumentId[] | null): MatrixRow[] {
  const isThere = (id: InstrumentId): boolean => {
    const listing = listings.get(id);
    return listing !== null && isListed(listing);
  };
  const wanted = list && new Set(list.map((id) => instrument(id).asset));
  const rows: MatrixRow[] = [];
  const observation = source.moment();
  for (const [asset, known] of source.byAsset()) {
    const ids = known.filter(isThere);
    const venues = new Set(ids.map((id) => instrument(id).venue));
    if (wanted ? !wanted.has(asset) || ids.length === 0 : venues.size < 2) continue;
    rows.push(matrixRow(asset, ids, { observation, d, now }));
  }
  return rows.sort(bySpread);
}

/** Widest spread first; assets without one by name. */
const bySpread = (a: MatrixRow, b: MatrixRow): number =>
  (b.spread ?? -1) - (a.spread ?? -1) || (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : 0);
