import type { PastView } from '#bridge/contract.ts';
import type { WindowId } from '#bridge/window.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Cancel } from '../ports/clock.ts';
import { createPastScreen, type PastQuestion, type PastScreen, type PastScreenOptions } from './past-screen.ts';

/** Windows that stand in the past at once, and for how long after its last look one is kept ready for the next (real ms). */
const MOST = 4;
const KEPT_MS = 300_000;

export interface PastsOptions extends PastScreenOptions {
  /** UserError where the moment has not come yet. */
  readonly check: (at: number) => void;
}

/** The moments at which windows stand: each has its own. */
export interface Pasts {
  readonly look: (window: WindowId, question: PastQuestion) => Promise<PastView>;
  /** The stored history of the instrument changed from here on. */
  readonly changed: (id: InstrumentId, from: number) => void;
  readonly stop: () => Promise<void>;
}

export function createPasts(options: PastsOptions): Pasts {
  const { clock, check } = options;
  /** The window that looked last is the last. */
  const open = new Map<WindowId, { readonly screen: PastScreen; readonly forget: Cancel }>();

  async function drop(window: WindowId): Promise<void> {
    const one = open.get(window);
    open.delete(window);
    one?.forget();
    await one?.screen.stop();
  }
  return {
    async look(window, question) {
      check(question.then.at);
      const known = open.get(window);
      known?.forget();
      open.delete(window);
      const screen = known?.screen ?? createPastScreen(options);
      open.set(window, { screen, forget: clock.after(KEPT_MS * clock.speed, () => void drop(window)) });
      for (const oldest of open.keys()) if (open.size > MOST) await drop(oldest);
      return screen.look(question);
    },
    changed(id, from) {
      for (const { screen } of open.values()) screen.changed(id, from);
    },
    async stop() {
      await Promise.all([...open.keys()].map(drop));
    },
  };
}
