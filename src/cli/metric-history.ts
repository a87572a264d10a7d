import type { Latest } from '#core/ports/history-facts.ts';
import { closedHour, type KnownThen } from '#core/read/closed-hour.ts';
import { historyAsOf } from '#core/read/history-as-of.ts';
import { readRows, rowKind } from '#core/read/metrics/metric-frames.ts';
import { closedTo } from '#core/read/evidence/closed-to.ts';
import { ofSubject } from '#core/read/metrics/metric-walk.ts';
import { thinnedNotes } from '#core/read/thinned-words.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { lapseOf } from '#domain/metrics/lapse.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { venueFormulas } from '#node/venues/index.ts';
import type { MetricRequest } from './metric-args.ts';
import type { Read } from './metrics.ts';
import { instrumentOf, withStoredHistory } from './stored-history.ts';
import { peersOf } from '#domain/joined-assets.ts';

/** The metric's rows as the app replays them, from the local history as of now or of a moment of the past; read beside a running app. */
export const frameOfHistory = (request: MetricRequest): Promise<Read> =>
  withStoredHistory(request, async ({ history, now, missing }) => {
    const { asOf } = request;
    const then = historyAsOf(history, asOf);
    const latest = await history.latest(asOf);
    const formulas = venueFormulas();
    const { subject, legs } = legsOf(request, await history.instruments(asOf));
    const kind = rowKind(request.metric, request.params);
    const closes = await Promise.all(legs.map(({ id }) => closedHour(then, id, latestOf(latest, id), asOf ?? now)));
    const to = Math.min(closedTo(kind, asOf ?? now, closes), request.to ?? Infinity);
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
    return { frame, notes: [...missing(), ...thinned, ...endNotes(request, frame, to, inForceH)] };
  });

/** What is known of one of them, as hours are closed by it. */
export function latestOf(latest: readonly Latest[], id: InstrumentId): KnownThen | null {
  const snapshot = latest.find(({ instrument }) => instrument.id === id)?.snapshot ?? null;
  return snapshot && { snapshot, intervalH: snapshot.intervalH };
}

/** Settlements that ended before `to`: what the last one told is nothing of now. */
function endNotes({ metric }: MetricRequest, frame: Frames[FrameKind], to: number, inForceH: number): string[] {
  const last = frame.time.length - 1;
  const lapse = last < 0 || !('rate' in frame) ? null : lapseOf(metric, frame, last, to, inForceH);
  if (lapse === null) return [];
  const [newest, due] = [frame.time[last] ?? 0, lapse.dueAt].map((t) => new Date(t).toISOString());
  return [`The last settlement that is stored is of ${newest}, the next one was due at ${due}: there is no value after that.`];
}

export function legsOf(
  { metric, venue, symbol, among, asOf }: Pick<MetricRequest, 'metric' | 'venue' | 'symbol' | 'among' | 'asOf'>,
  known: readonly Instrument[],
) {
  const find = (id: string): Instrument => instrumentOf(id, known, asOf);
  const subject = find(`${venue ?? ''}:${symbol ?? ''}`);
  const order = (a: Instrument, b: Instrument): number => (a.venue === b.venue ? (a.id < b.id ? -1 : 1) : a.venue < b.venue ? -1 : 1);
  const legs =
    metric.on === 'asset' ? peersOf(subject, known).toSorted(order) : metric.on === 'basket' ? [subject, ...among.map(find)] : [subject];
  return { subject, legs };
}
