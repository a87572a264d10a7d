import { type SignalEntry, type SignalParams, signalWords } from '#domain/signal.ts';
import { type Instrument, type InstrumentId, pairOf } from '#domain/instrument.ts';
import type { Events } from '../events.ts';
import type { Journal } from '../journal.ts';
import type { Log, Notification, PersonStore } from '../ports.ts';

/** Below this D (percent per hour) three decimals would say nothing. */
const FINE_PERCENT = 0.01;

/** "TAO/USDT on Binance: longs crowded" and "D +0.061 %/h, 3 hours", with "one settlement" where the whole run rests on one. */
export function entryText(instrument: Instrument, venueName: string, entry: SignalEntry, k: number): Notification {
  const percent = entry.d * 100;
  const size = Math.abs(percent).toFixed(Math.abs(percent) < FINE_PERCENT ? 5 : 3);
  const hours = `${k} ${k === 1 ? 'hour' : 'hours'}`;
  const rests = entry.observations === 1 && entry.running === 0 ? ', one settlement' : '';
  return {
    title: `${pairOf(instrument)} on ${venueName}: ${signalWords(entry.side, entry.f, entry.neutralPerHour)}`,
    body: `D ${percent < 0 ? '-' : '+'}${size} %/h, ${hours}${rests}`,
    instrument: instrument.id,
  };
}

export interface SignalNewsOptions {
  readonly person: Pick<PersonStore, 'signals' | 'recordSignal'>;
  readonly journal: Journal;
  readonly log: Log;
  readonly events: Pick<Events, 'emit'>;
  instrument(id: InstrumentId): Instrument;
  venueName(id: InstrumentId): string;
}

/** Tells an entry once: what is recorded has been told, also by a run before this one. */
export function createSignalNews({ person, journal, log, events, ...ask }: SignalNewsOptions) {
  const told = new Set<string>();
  return async (id: InstrumentId, entry: SignalEntry, params: SignalParams): Promise<void> => {
    const { at, side, d, observations, running } = entry;
    const name = `${id}@${at}`;
    if (told.has(name) || (await person.signals(id, at - 1, at, null)).some((known) => known.at === at)) return;
    told.add(name);
    await journal.guard('record a signal', () => person.recordSignal({ instrument: id, at, side, d, ...params, observations, running }));
    const text = entryText(ask.instrument(id), ask.venueName(id), entry, params.k);
    log.write('info', 'signal', `${text.title}, ${text.body}`, { instrument: id, at });
    events.emit('entered', text);
  };
}
