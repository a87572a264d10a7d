import { resolve } from 'node:path';
import type { HistoryStore } from '#core/ports/history.ts';
import { historyAsOf } from '#core/read/history-as-of.ts';
import { type FrameReads, readRows, rowKind, type RowKind } from '#core/read/metrics/metric-frames.ts';
import { ofSubject } from '#core/read/metrics/metric-walk.ts';
import { thinnedNotes } from '#core/read/thinned-words.ts';
import type { Instrument } from '#domain/instrument.ts';
import { lapseOf } from '#domain/metrics/lapse.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '#domain/time.ts';
import { dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { HistoryError } from '#node/history/errors.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { venueFormulas } from '#node/venues/index.ts';
import type { MetricRequest } from './metric-args.ts';
import type { Read } from './metrics.ts';
import { near, UsageError } from './usage.ts';

/** The metric's rows as the app replays them, from the local history as of now or of a moment of the past; read beside a running app. */
export async function frameOfHistory(request: MetricRequest): Promise<Read> {
  const { dataDir, demo, asOf } = request;
  const { database } = dataPaths(dataDir === null ? defaultDataDir(process.env) : resolve(dataDir), demo);
  let now = Date.now();
  try {
    const history = new ReadonlyHistory({ file: database, kind: demo ? 'demo' : 'live', now: () => now });
    try {
      // The demo's time runs faster than this machine's, and a machine's clock may be behind the venues'.
      now = history.latest().reduce((newest, { observedAt }) => Math.max(newest, observedAt), now);
      if (asOf !== null && asOf > now) throw new UsageError(`--as-of ${when(asOf)} has not come yet: it is ${when(now)} there.`);
      const then = historyAsOf(promised(history), asOf);
      const latest = history.latest(asOf);
      const formulas = venueFormulas();
      const { subject, legs } = legsOf(request, history.instruments(asOf));
      const kind = rowKind(request.metric, request.params);
      const to = Math.min(closedTo(kind, asOf ?? now), request.to ?? Infinity);
      const framed = await Promise.all(legs.map(({ id, venue }) => then.framed(id, formulas[venue] ?? null)));
      const rows = await readRows(then, {
        ...kind,
        legs: framed.filter((one) => one !== null),
        from: null,
        to,
      });
      const frame = ofSubject(rows.block(-Infinity, to).frame, subject.id);
      const inForceH = latest.find(({ instrument }) => instrument.id === subject.id)?.snapshot.intervalH ?? NaN;
      const thinned = thinnedNotes(rows.thinned, kind.on, request.from ?? undefined, to);
      return { frame, notes: [...thinned, ...endNotes(request, frame, to, inForceH)] };
    } finally {
      history.close();
    }
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(error.user);
    throw error;
  }
}

const when = (t: number): string => new Date(t).toISOString();

/** The reads of a history that is open here, as the core asks for them. */
const promised = (history: ReadonlyHistory): FrameReads & Pick<HistoryStore, 'instruments'> => ({
  instruments: (asOf) => Promise.resolve(history.instruments(asOf)),
  settled: (...range) => Promise.resolve(history.settled(...range)),
  settledSeen: (...range) => Promise.resolve(history.settledSeen(...range)),
  hours: (...range) => Promise.resolve(history.hours(...range)),
  prices: (...range) => Promise.resolve(history.prices(...range)),
  snapshots: (...range) => Promise.resolve(history.snapshots(...range)),
  books: (...range) => Promise.resolve(history.books(...range)),
  terms: (...of) => Promise.resolve(history.terms(...of)),
});

/** Settlements that ended before `to`: what the last one told is nothing of now. */
function endNotes({ metric }: MetricRequest, frame: Frames[FrameKind], to: number, inForceH: number): string[] {
  const last = frame.time.length - 1;
  const lapse = last < 0 || !('rate' in frame) ? null : lapseOf(metric, frame, last, to, inForceH);
  if (lapse === null) return [];
  const [newest, due] = [frame.time[last] ?? 0, lapse.dueAt].map((t) => new Date(t).toISOString());
  return [`The last settlement that is stored is of ${newest}, the next one was due at ${due}: there is no value after that.`];
}

/** An hour is closed when the settlement due at its end has had its time to arrive; a book is as it is. */
const closedTo = ({ on, barMs }: RowKind, now: number): number =>
  on === 'book' ? now : on === 'bar' ? Math.floor(now / barMs) * barMs : Math.floor((now - SETTLEMENT_SLACK_MS) / HOUR_MS) * HOUR_MS;

function legsOf({ metric, venue, symbol, among, asOf }: MetricRequest, known: readonly Instrument[]) {
  const find = (id: string): Instrument => {
    const found = known.find((one) => one.id === id);
    if (found) return found;
    if (asOf !== null) throw new UsageError(`At ${when(asOf)} the history knew nothing of ${id}.`);
    const venues = [...new Set(known.map((one) => one.venue))];
    const [ofVenue, ofSymbol] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
    if (!venues.includes(ofVenue)) throw new UsageError(`The history has nothing of a venue "${ofVenue}"; it has ${venues.join(', ')}.`);
    const symbols = known.filter((one) => one.venue === ofVenue).map((one) => one.symbol);
    const alike = near(ofSymbol, symbols);
    throw new UsageError(
      `The history has no ${ofSymbol} of ${ofVenue}${alike.length > 0 ? `; there are ${alike.join(', ')}` : `, but ${symbols.length} others`}.`,
    );
  };
  const subject = find(`${venue ?? ''}:${symbol ?? ''}`);
  const asset = known.filter((one) => one.asset === subject.asset);
  const order = (a: Instrument, b: Instrument): number => (a.venue === b.venue ? (a.id < b.id ? -1 : 1) : a.venue < b.venue ? -1 : 1);
  const legs = metric.on === 'asset' ? asset.sort(order) : metric.on === 'basket' ? [subject, ...among.map(find)] : [subject];
  return { subject, legs };
}
