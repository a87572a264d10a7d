import { type SignalEntry, type SignalParams, signalWords } from '#domain/signal.ts';
import { type Instrument, type InstrumentId, pairOf } from '#domain/instrument.ts';
import { commonUnit, inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import type { Notification } from '../ports/notifier.ts';
import type { PersonStore } from '../ports/person.ts';
import { entryName, type Teller } from '../teller.ts';

/** Below this D (percent of the unit) three decimals would say nothing. */
const FINE_PERCENT = 0.01;

/** "TAO/USDT on Binance: longs crowded" and "D +0.488 %/8h, 3 hours", in the person's unit, with "one settlement" where the whole run rests on one. */
export function entryText(instrument: Instrument, venueName: string, entry: SignalEntry, k: number, shown: RateUnit): Notification {
  const unit = commonUnit(shown);
  const percent = inUnit(entry.d, Number.NaN, unit) * 100;
  const size = Math.abs(percent).toFixed(Math.abs(percent) < FINE_PERCENT ? 5 : 3);
  const hours = `${k} ${k === 1 ? 'hour' : 'hours'}`;
  const rests = entry.observations === 1 && entry.running === 0 ? ', one settlement' : '';
  return {
    title: `${pairOf(instrument)} on ${venueName}: ${signalWords(entry.side, entry.f, entry.neutralPerHour)}`,
    body: `D ${percent < 0 ? '-' : '+'}${size} ${unitHeader(unit)}, ${hours}${rests}`,
    instrument: instrument.id,
  };
}

export interface SignalNewsOptions {
  readonly person: Pick<PersonStore, 'recordSignal'>;
  readonly teller: Teller;
  instrument(id: InstrumentId): Instrument;
  venueName(id: InstrumentId): string;
  /** What the person reads rates in. */
  unit(): RateUnit;
}

/** Words for an entry that has just been made. */
export const createSignalNews =
  ({ person, teller, ...ask }: SignalNewsOptions) =>
  async (id: InstrumentId, entry: SignalEntry, params: SignalParams): Promise<void> => {
    const { at, startedAt, side, d, observations, running } = entry;
    await teller.tell(() => [
      {
        kind: 'signal',
        name: entryName('signal', id, at),
        text: entryText(ask.instrument(id), ask.venueName(id), entry, params.k, ask.unit()),
        isNews: true,
        at,
        keep: (owed) => person.recordSignal({ instrument: id, at, side, d, ...params, observations, running }, startedAt, owed),
      },
    ]);
  };
