import { type InstrumentId, instrumentId } from '#domain/instrument.ts';
import type { StampedInterest } from './interests.ts';
import { type Snapshot, type VenuePoll, withOpenInterest } from '../venue.ts';

/** Symbols of a poll that brought no open interest. */
export const lackingInterest = ({ snapshots }: VenuePoll, venue: string): ReadonlyMap<InstrumentId, string> =>
  new Map(snapshots.flatMap(({ symbol, openInterest }) => (openInterest === null ? [[instrumentId(venue, symbol), symbol] as const] : [])));

/** The poll with the open interest that was asked for instrument by instrument, where it brought none itself. */
export function withInterests(poll: VenuePoll, venue: string, latest: (id: InstrumentId) => StampedInterest | null): VenuePoll {
  const terms = new Map(poll.instruments.map((instrument) => [instrument.symbol, instrument]));
  const filled = (snapshot: Snapshot): Snapshot => {
    const interest = latest(instrumentId(venue, snapshot.symbol));
    const instrument = terms.get(snapshot.symbol);
    return interest === null || instrument === undefined ? snapshot : withOpenInterest(snapshot, interest, instrument);
  };
  return { ...poll, snapshots: poll.snapshots.map((one) => (one.openInterest === null ? filled(one) : one)) };
}
