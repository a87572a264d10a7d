import type { InstrumentId } from '#domain/instrument.ts';
import type { Severity } from '#domain/telling.ts';
import type { AlertRecord } from './person.ts';

/** One entry of a signal into *active*, told to the person outside the window. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  /** Empty: it is of no instrument. */
  readonly instrument: InstrumentId;
  /** Absent: a warning. */
  readonly severity?: Severity;
  /** The entry of the alerts' log that it tells; absent: it tells several, or none of an alert. */
  readonly alert?: ToldAlert;
}

export type ToldAlert = Pick<AlertRecord, 'rule' | 'instrument' | 'at'>;

export interface Notifier {
  notify(notification: Notification): void;
}
