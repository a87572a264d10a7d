import type { InstrumentId } from '#domain/instrument.ts';
import type { Severity } from '#domain/telling.ts';

/** One entry of a signal into *active*, told to the person outside the window. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  /** Empty: it is of no instrument. */
  readonly instrument: InstrumentId;
  /** Absent: a warning. */
  readonly severity?: Severity;
}

export interface Notifier {
  notify(notification: Notification): void;
}
