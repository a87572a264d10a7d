import type { Notifier } from '#core/ports/notifier.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { visibleLine } from '#domain/shown-text.ts';
import { Notification } from 'electron';

/** At most this many are held: the system shows no more anyway, and a weeks-long run must not gather them. */
const mostHeld = 50;

/** Signal entries as the system's own notifications; a click gives the instrument to the listener. */
export function createNotifier(): Notifier & { onClick(listener: (instrument: InstrumentId) => void): void } {
  let clicked: (instrument: InstrumentId) => void = () => undefined;
  // A notification that is collected loses its click.
  const held = new Set<Notification>();
  return {
    onClick(listener) {
      clicked = listener;
    },
    notify({ title, body, instrument }) {
      const shown = new Notification({ title: visibleLine(title), body: visibleLine(body) });
      held.add(shown);
      for (const oldest of held) {
        if (held.size <= mostHeld) break;
        held.delete(oldest);
      }
      shown.on('click', () => {
        held.delete(shown);
        clicked(instrument);
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
