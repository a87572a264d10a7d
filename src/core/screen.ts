import type { VenueHealth, WatchRow } from '#bridge/contract.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { Events } from './events.ts';
import { createHub, type Hub } from './hub.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

export interface ScreenOptions {
  readonly clock: Clock;
  readonly events: Events;
  readonly log: Log;
  readonly row: (id: InstrumentId) => WatchRow;
  readonly health: () => VenueHealth[];
  readonly notices: () => readonly string[];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What happens in the core, as the contract's events to the open windows. */
export function createScreen({ clock, events, log, row, health, notices }: ScreenOptions): Hub {
  let followed: ReadonlySet<InstrumentId> = new Set();
  let told: readonly string[] = [];
  const hub = createHub(clock, {
    rows: (ids) => [...ids].filter((id) => followed.has(id)).map(row),
    health,
    onError: (error) => log.write('error', 'hub', 'a listener failed', { error: String(error) }),
  });
  /** To the open windows, where they are others than before. */
  function tellNotices(): void {
    const now = notices();
    if (same(now, told)) return;
    told = now;
    hub.emit('app.notice', { notices: [...now] });
  }

  events.on('followed', ({ ids, scanned, fresh }) => {
    followed = new Set([...ids, ...scanned]);
    hub.rows(fresh);
  });
  events.on('settings', ({ before, next }) => {
    hub.emit('settings.change', next);
    const shown = ['thresholds', 'ownThresholds'] as const;
    if (shown.some((field) => !same(next[field], before[field]))) hub.rows(followed);
  });
  events.on('viewed', ({ columns }) => {
    if (columns) hub.rows(followed);
  });
  events.on('polled', ({ venue }) => hub.rows([...followed].filter((id) => venueOf(id) === venue)));
  events.on('stored', ({ instrument }) => {
    hub.history(instrument);
    hub.health();
  });
  events.on('closed', ({ instrument }) => {
    hub.rows([instrument]);
    hub.history(instrument);
  });
  events.on('aged', ({ instruments }) => hub.rows(instruments));
  events.on('cells', ({ instruments }) => hub.rows(instruments));
  events.on('health', () => hub.health());
  events.on('entered', (news) => hub.emit('signal.entered', news));
  events.on('judged', ({ rules, states }) => hub.emit('alerts.change', { rules: [...rules], states: [...states] }));
  events.on('scenarios', ({ all }) => hub.emit('scenarios.change', [...all]));
  events.on('positions', ({ views }) => hub.emit('positions.change', [...views]));
  events.on('notes', ({ all }) => hub.emit('notes.change', [...all]));
  events.on('notices', tellNotices);
  // The settings file has sentences of its own.
  events.on('tick', tellNotices);
  return hub;
}
