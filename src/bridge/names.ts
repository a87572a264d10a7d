import type { CallName, EventName } from './contract.ts';

export type { Transport } from './contract.ts';

/**
 * The contract's names without its schemas, for the preload's bundle. The records make the compiler prove both
 * directions: a name of the contract that is missing here and a name here that is not in the contract are errors.
 */
const calls: Record<CallName, true> = {
  'app.info': true,
  'settings.get': true,
  'settings.change': true,
  'workspace.get': true,
  'workspace.keep': true,
  'view.follow': true,
  'view.leave': true,
  'watchlist.rows': true,
  'watchlist.add': true,
  'watchlist.remove': true,
  'watchlist.move': true,
  'watchlist.create': true,
  'watchlist.rename': true,
  'watchlist.delete': true,
  'thresholds.change': true,
  'instruments.search': true,
  'instruments.find': true,
  'history.divergence': true,
  'alerts.save': true,
  'alerts.delete': true,
  'alerts.states': true,
  'alerts.log': true,
  'evidence.study': true,
  'evidence.count': true,
  'evidence.cancel': true,
  'evidence.saved': true,
  'evidence.save': true,
  'evidence.forget': true,
  'history.status': true,
  'history.conflicts': true,
  'history.excess': true,
  'history.limit': true,
  'metrics.series': true,
  'metrics.explain': true,
  'metrics.matrix': true,
  'decisions.facts': true,
  'decisions.spread': true,
  'notes.list': true,
  'notes.save': true,
  'notes.delete': true,
  'notes.after': true,
  'scenarios.list': true,
  'scenarios.save': true,
  'scenarios.delete': true,
  'positions.open': true,
  'positions.close': true,
  'positions.list': true,
  'query.run': true,
  'query.stop': true,
  'query.schema': true,
  'coverage.calendar': true,
  'coverage.fill': true,
  'coverage.stop': true,
  'explore.settlements': true,
  'setup.out': true,
  'setup.look': true,
  'setup.take': true,
  'out.stored': true,
  'out.series': true,
  'out.table': true,
  'out.picture': true,
  'out.study': true,
  'venues.list': true,
  'venues.health': true,
  'venues.change': true,
  'venues.proxy': true,
  'venues.test': true,
  'venues.retry': true,
  'venues.delist': true,
};

const events: Record<EventName, true> = {
  'settings.change': true,
  'watchlist.change': true,
  'venues.change': true,
  'history.change': true,
  'scenarios.change': true,
  'positions.change': true,
  'notes.change': true,
  'alerts.change': true,
  'evidence.progress': true,
  'signal.entered': true,
  'instrument.asked': true,
  'app.notice': true,
};

export const callNames: ReadonlySet<string> = new Set(Object.keys(calls));
export const eventNames: ReadonlySet<string> = new Set(Object.keys(events));

/** Electron's two channels: calls by invoke (name, input), events by send (name, payload). */
export const callChannel = 'bridge:call';
export const eventChannel = 'bridge:event';
