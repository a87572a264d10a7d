import type { AlertEntry, AlertSave, AlertState } from '#bridge/alert.ts';
import type { Client } from '#bridge/client.ts';
import type { AlertRule, Settings } from '#bridge/settings.ts';
import type { Toasts } from './toasts.svelte.ts';

const LOG_LIMIT = 200;
const NO_STATES: ReadonlyMap<string, readonly AlertState[]> = new Map();
/** Many rules change at an hour's close: the log is asked for once. */
const LOG_WAIT_MS = 400;

export interface ActiveAlert extends Pick<AlertState, 'enteredAt'> {
  readonly name: string;
  readonly phase: 'active' | 'recovering';
}

/** The app around it. */
interface Home {
  readonly client: Client;
  readonly settings: Settings | null;
  /** The window stands in the past. */
  readonly isPast: boolean;
  readonly toasts: Toasts;
  tell(error: unknown): void;
}

/** How the alerts stand, and what entered so far. */
export class AlertsFeed {
  #states = $state.raw<ReadonlyMap<string, readonly AlertState[]>>(new Map());
  /** How rules stand is known of now alone; of then what entered by then is. */
  readonly states = $derived.by(() => (this.#app.isPast ? NO_STATES : this.#states));
  /** Newest first; null: not read yet. */
  log = $state.raw<readonly AlertEntry[] | null>(null);
  /** By instrument, the alerts that hold there now: active, or recovering and not yet over. */
  readonly active = $derived.by((): ReadonlyMap<string, readonly ActiveAlert[]> => {
    const found = new Map<string, ActiveAlert[]>();
    for (const { id, name } of this.#app.settings?.alerts ?? []) {
      for (const { instrument, phase, enteredAt } of this.states.get(id) ?? []) {
        if (phase !== 'active' && phase !== 'recovering') continue;
        found.set(instrument, [...(found.get(instrument) ?? []), { name, phase, enteredAt }]);
      }
    }
    return found;
  });
  readonly #app: Home;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: Home) {
    this.#app = app;
  }

  /** Listens and asks; again after each interruption. Returns the stop. */
  start(): () => void {
    const stop = this.#app.client.on('alerts.change', ({ rules, states }) => {
      const next = new Map([...this.#states].filter(([rule]) => !rules.includes(rule)));
      this.#put(next, states);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.loadLog(), LOG_WAIT_MS);
    });
    void this.#load();
    return () => {
      clearTimeout(this.#timer);
      stop();
    };
  }

  /** True: it is kept. */
  async save(rule: AlertSave): Promise<boolean> {
    try {
      await this.#app.client.call('alerts.save', rule);
      return true;
    } catch (error) {
      this.#app.tell(error);
      return false;
    }
  }

  /** Until then it tells nothing; null: it tells again. */
  async snooze(id: string, until: number | null): Promise<void> {
    try {
      await this.#app.client.call('alerts.snooze', { id, until });
    } catch (error) {
      this.#app.tell(error);
    }
  }

  /** The person has seen these. */
  async acknowledge(entries: readonly AlertEntry[]): Promise<void> {
    try {
      await this.#app.client.call('alerts.acknowledge', {
        entries: entries.map(({ rule, instrument, at }) => ({ rule, instrument, at })),
      });
      await this.loadLog();
    } catch (error) {
      this.#app.tell(error);
    }
  }

  async remove(rule: AlertRule): Promise<void> {
    try {
      await this.#app.client.call('alerts.delete', { id: rule.id });
    } catch (error) {
      this.#app.tell(error);
      return;
    }
    const { name, on, conditions, k, enabled, tells } = rule;
    this.#app.toasts.show('notice', `Alert \u201c${name}\u201d deleted`, 'What it found stays in the log.', {
      label: 'Undo',
      run: () => void this.save({ id: null, name, on, conditions, k, enabled, ...(tells && { tells }) }),
    });
  }

  async #load(): Promise<void> {
    try {
      this.#put(new Map(), await this.#app.client.call('alerts.states', {}));
    } catch (error) {
      this.#app.tell(error);
    }
    await this.loadLog();
  }
  #put(next: Map<string, readonly AlertState[]>, states: readonly AlertState[]): void {
    for (const state of states) next.set(state.rule, [...(next.get(state.rule) ?? []), state]);
    this.#states = next;
  }
  async loadLog(): Promise<void> {
    try {
      this.log = await this.#app.client.call('alerts.log', { limit: LOG_LIMIT });
    } catch (error) {
      this.#app.tell(error);
    }
  }
}
