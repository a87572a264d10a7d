import { freshness } from '#domain/freshness.ts';
import { joinedAssets } from '#domain/joined-assets.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { FrameInstrument, FundingCap } from '#domain/metrics/frames/frames.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { GroupRow } from '#domain/metrics/frames/group.ts';
import { accruedHour } from '../../accrual.ts';
import type { ReadBook } from '../../book-ladder.ts';
import type { KeptRows } from '../kept-rows.ts';
import type { Live } from '../live.ts';
import { isListed, type Listing, type Listings } from '../../listings.ts';
import type { Chosen } from './metric-choice.ts';
import {
  frameInstrument,
  type FrameReads,
  legsText,
  readRows,
  type RowKind,
  feedKind,
  type FeedKind,
  type SettlementLead,
  type StoredRows,
} from './metric-frames.ts';
import { LiveBoard } from './live-board.ts';
import { LiveGroup } from './live-group.ts';
import { liveBook, type LiveRow, type Observation, type Observe } from './metric-live.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Snapshot } from '../../venue.ts';

/** A bar is over when the polls of its last moment are stored (real ms). */
export const BAR_GRACE_MS = 2_000;

const NO_CAPS: readonly FundingCap[] = [];
/** What is stated now, for a row in progress. */
function capsNow(snapshot: Snapshot | null): readonly FundingCap[] {
  const { cap = null, floor = null, interestPer8h = null } = snapshot ?? {};
  return cap === null && floor === null && interestPer8h === null ? NO_CAPS : [{ from: -Infinity, cap, floor, interestPer8h }];
}

/** Rows that metrics walk, and the row in progress behind them. */
export interface MetricFeed {
  /** Feeds of one key have the same rows. */
  readonly key: string;
  readonly kind: FeedKind;
  /** Whose rows they are made of; always in one order. */
  ids(): readonly InstrumentId[];
  legs(): readonly FrameInstrument[];
  /** Where the reader is told of every row that is another one but the newest: so much of the newest is compared. */
  readonly comparedMs?: number | undefined;
  /** Rows are closed up to here. */
  closedTo(): number;
  /** Rows in (from, to]; null: all. */
  read(from: number | null, to: number): Promise<StoredRows>;
  /** The row in progress as the instrument sees it that the feed was asked for, `lead` of the rows; null: nothing of it is polled. */
  live(observe: Observe, lead: SettlementLead | null): LiveRow | null;
}

export interface MetricSource {
  /** The rows that the metric walks for this instrument; `list`: what one over a basket compares within, null for none. */
  feed(chosen: Chosen, id: InstrumentId, list: string | null): MetricFeed;
  /** What is polled of any instrument, as of now: let go of it when the thread is. */
  moment(): Observe;
  /** Another number once an asset may have other instruments. */
  assetsVersion(): number;
  /** Ids by asset (`joinedAssets`), venue by venue; what was ever listed, so that a delisting takes nothing from the hours before it. */
  byAsset(): ReadonlyMap<string, readonly InstrumentId[]>;
}

/** What an instrument is compared within. */
interface OneAsset {
  readonly key: string;
  readonly ids: readonly InstrumentId[];
}

export interface SourceOptions {
  readonly clock: Clock;
  readonly store: FrameReads;
  /** Rows that were read lately. */
  readonly rows: KeptRows;
  readonly listings: Pick<Listings, 'get' | 'all' | 'assetsVersion'>;
  readonly live: Pick<Live, 'view' | 'closedTo'>;
  readonly instrument: (id: InstrumentId) => Instrument;
  /** Venue-corrected time, and the venue's poll interval. */
  readonly now: (id: InstrumentId) => number;
  pollMs(venue: VenueId): number;
  /** The newest order book. */
  readonly book: (id: InstrumentId) => ReadBook | null;
  readonly venues: readonly VenueId[];
  /** How the venue makes its rates; null: not known. */
  readonly formulaOf: (venue: VenueId) => VenueFormula | null;
  /** As in MetricFeed. */
  readonly comparedMs?: number;
  /** Instruments of a list; one that is gone has none. */
  readonly list: (id: string) => readonly InstrumentId[];
}

export function createMetricSource(options: SourceOptions): MetricSource {
  const { clock, store, rows, listings, live, instrument, now, venues } = options;

  function moment(): Observe {
    const times = new Map<VenueId, { readonly now: number; readonly pollMs: number }>();
    return (id) => {
      const listing = listings.get(id);
      const one = listing?.instrument ?? instrument(id);
      const time = times.get(one.venue) ?? { now: now(id), pollMs: options.pollMs(one.venue) };
      times.set(one.venue, time);
      return observed(one, listing, time);
    };
  }
  /** What stays the same stays one object, so that comparing it costs nothing. */
  const known = new Map<
    InstrumentId,
    { readonly of: Instrument; readonly interestPer8h: number | null | undefined; readonly framed: FrameInstrument }
  >();
  function framedOf(of: Instrument, interestPer8h: number | null | undefined): FrameInstrument {
    const before = known.get(of.id);
    if (before?.of === of && before.interestPer8h === interestPer8h) return before.framed;
    const framed = frameInstrument(of, options.formulaOf(of.venue), interestPer8h);
    known.set(of.id, { of, interestPer8h, framed });
    return framed;
  }
  function framed(id: InstrumentId): FrameInstrument {
    const listing = listings.get(id);
    return framedOf(listing?.instrument ?? instrument(id), listing?.snapshot?.interestPer8h);
  }
  function observed(one: Instrument, listing: Listing | null, time: { readonly now: number; readonly pollMs: number }): Observation {
    const { observedAt = null } = listing ?? {};
    const framed = framedOf(one, listing?.snapshot?.interestPer8h);
    const { snapshot, intervalH } = accruedHour(framed.formula, listing?.snapshot ?? null, listing?.intervalH ?? null);
    const at = observedAt ?? 0;
    return {
      instrument: { ...framed, caps: capsNow(snapshot) },
      snapshot: observedAt === null ? null : snapshot,
      observedAt: at,
      intervalH: intervalH ?? live.view(one.id)?.intervalH ?? NaN,
      // What its venue lists no longer is not of now, however new its last row.
      freshness: listing && !isListed(listing) ? 'dead' : freshness(time.now, at, snapshot?.nextFundingAt ?? null, time.pollMs),
      now: time.now,
    };
  }
  const rank = ({ instrument: one }: { instrument: Instrument }): number => venues.indexOf(one.venue);
  let assets = new Map<string, readonly InstrumentId[]>();
  let ofId = new Map<InstrumentId, OneAsset>();
  let sorted = -1;
  function sort(): void {
    if (listings.assetsVersion() === sorted) return;
    sorted = listings.assetsVersion();
    assets = new Map();
    ofId = new Map();
    const all = [...listings.all()].sort((x, y) => rank(x) - rank(y) || (x.instrument.id < y.instrument.id ? -1 : 1));
    for (const { key, name, members } of joinedAssets(all.map((listing) => listing.instrument))) {
      const ids = members.map(({ id }) => id);
      assets.set(name, ids);
      for (const id of ids) ofId.set(id, { key, ids });
    }
  }
  function byAsset(): ReadonlyMap<string, readonly InstrumentId[]> {
    sort();
    return assets;
  }
  function assetOf(id: InstrumentId): OneAsset {
    sort();
    return ofId.get(id) ?? { key: instrument(id).asset, ids: assets.get(instrument(id).asset) ?? [id] };
  }
  function closedTo({ on, barMs }: RowKind, id: InstrumentId, legs: readonly InstrumentId[]): number {
    if (on === 'book') return now(id);
    if (on === 'bar') return Math.floor((now(id) - BAR_GRACE_MS * clock.speed) / barMs) * barMs;
    return legs.length === 0 ? live.closedTo(id) : Math.min(...legs.map((leg) => live.closedTo(leg)));
  }
  const keyOf = ({ on, barMs, list }: FeedKind, id: InstrumentId): string => {
    const whose = on === 'basket' ? (list ?? '') : on === 'asset' ? assetOf(id).key : id;
    return `${on} ${barMs} ${whose}`;
  };

  return {
    moment,
    byAsset,
    assetsVersion: () => listings.assetsVersion(),
    feed({ metric, params }, id, list) {
      const kind = feedKind(metric, params, list);
      const { on } = kind;
      const alone: readonly InstrumentId[] = [id];
      function ids(): readonly InstrumentId[] {
        if (on === 'basket') return kind.list === null ? [] : options.list(kind.list);
        return on === 'asset' ? assetOf(id).ids : alone;
      }
      const legs = (): FrameInstrument[] => ids().map(framed);
      return {
        key: keyOf(kind, id),
        kind,
        ids,
        legs,
        comparedMs: options.comparedMs,
        closedTo: () => closedTo(kind, id, ids()),
        read: (from, to) => {
          const query = { ...kind, legs: legs(), from, to };
          return rows.read(`${keyOf(kind, id)} ${legsText(query.legs)}`, query, () => readRows(store, query));
        },
        live(observe, lead) {
          if (on === 'book') return liveBook(framed(id), options.book(id));
          const board = new LiveBoard();
          board.asOf(observe);
          const place = board.placeOf(id);
          if (on !== 'asset' && on !== 'basket') {
            board.leads[place] = lead;
            return board.rowOf(place, on);
          }
          const group = new LiveGroup(board, on === 'asset', ids());
          const frame = group.lay(new GroupRow());
          frame.subject = group.legs.indexOf(place);
          return frame.legs.length === 0 ? null : { frame, row: 0, at: group.at, lapsed: null };
        },
      };
    },
  };
}
