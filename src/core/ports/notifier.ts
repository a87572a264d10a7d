import type { InstrumentId } from '#domain/instrument.ts';

/** One entry of a signal into *active*, told to the person outside the window. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  readonly instrument: InstrumentId;
}

export interface Notifier {
  notify(notification: Notification): void;
}
