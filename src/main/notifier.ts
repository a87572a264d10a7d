import type { Notifier, ToldAlert } from '#core/ports/notifier.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { visibleLine } from '#domain/shown-text.ts';
import { Notification } from 'electron';

/** At most this many are held: the system shows no more anyway, and a weeks-long run must not gather them. */
const mostHeld = 50;

/** What can be done about an alert from its notification, in the order of its buttons. */
const ACTIONS = ['acknowledge', 'snooze'] as const;
export type AlertAction = (typeof ACTIONS)[number];
const WORDS: Readonly<Record<AlertAction, string>> = { acknowledge: 'Acknowledge', snooze: 'Snooze 1 h' };

export interface Listeners {
  readonly clicked: (instrument: InstrumentId) => void;
  readonly acted: (action: AlertAction, alert: ToldAlert) => void;
}

/** What is told as the system's own notifications; where the system has buttons on them (macOS, Windows) an alert's have two. */
export function createNotifier(): Notifier & { listen(listeners: Listeners): void } {
  let listeners: Listeners = { clicked: () => undefined, acted: () => undefined };
  // A notification that is collected loses its click.
  const held = new Set<Notification>();
  return {
    listen(next) {
      listeners = next;
    },
    notify({ title, body, instrument, alert }) {
      const actions = alert === undefined ? [] : ACTIONS.map((action) => ({ type: 'button' as const, text: WORDS[action] }));
      const shown = new Notification({ title: visibleLine(title), body: visibleLine(body), actions });
      held.add(shown);
      for (const oldest of held) {
        if (held.size <= mostHeld) break;
        held.delete(oldest);
      }
      shown.on('click', () => {
        held.delete(shown);
        listeners.clicked(instrument);
      });
      shown.on('action', ({ actionIndex }) => {
        held.delete(shown);
        const action = ACTIONS[actionIndex];
        if (action !== undefined && alert !== undefined) listeners.acted(action, alert);
      });
      shown.on('close', () => held.delete(shown));
      shown.on('failed', (_event, error) => {
        held.delete(shown);
        process.stderr.write(`perpscope: the system refused a notification: ${error}\n`);
      });
      shown.show();
    },
  };
}
