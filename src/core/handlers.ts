import type { AppInfo, Handlers, VenueHealth } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { StudyRule } from '#bridge/evidence.ts';
import type { WindowId } from '#bridge/window.ts';
import { type Instrument, type InstrumentId, venueOf, type VenueId } from '#domain/instrument.ts';
import { DEFAULT_PARAMS } from '#domain/signal.ts';
import type { Answers } from './read/answers.ts';
import { newVenueSettings } from './default-settings.ts';
import type { Decisions } from './decide/decisions.ts';
import type { PastFacts } from './decide/past-facts.ts';
import type { Feed } from './collect/feed.ts';
import type { Venue, VenueProfile } from './venue.ts';
import type { Listings } from './listings.ts';
import { inWords } from './in-words.ts';
import { calendarAnswer } from './read/coverage/calendar-answer.ts';
import { readCoverage } from './read/coverage/coverage.ts';
import type { Out } from './out.ts';
import { readSettlements } from './read/explore/settlements.ts';
import type { Evidence } from './read/evidence/evidence.ts';
import type { Moment } from '#bridge/as-of.ts';
import type { Badge } from './ports/badge.ts';
import type { HistoryStore } from './ports/history.ts';
import type { Log } from './ports/log.ts';
import type { ProxyPasswords } from './ports/passwords.ts';
import type { WorkspaceStore } from './ports/preferences.ts';
import type { FilesIn } from './ports/files-in.ts';
import type { Storage } from './ports/storage.ts';
import { proxyChange, tidyPasswords } from './proxies.ts';
import type { ImportJobs } from './import-jobs.ts';
import type { Questions } from './read/questions.ts';
import type { Notes } from './decide/notes.ts';
import type { Positions } from './decide/positions.ts';
import type { Scenarios } from './decide/scenarios.ts';
import { importLists } from './list-import.ts';
import { SETUP_ENDING, SETUP_TYPE } from '#bridge/setup-file.ts';
import { joinLayouts, lookAt, otherBlocks, readSetup, setupOf, takeSetup } from './setup.ts';
import { searchInstruments } from './read/search.ts';
import type { Settings } from './settings.ts';
import type { Webhook } from './webhook.ts';
import { storageHandlers } from './storage-handlers.ts';
import type { AlertNews } from './read/alerts/alert-news.ts';
import { deleteRule, saveRule, snoozeRule } from './read/alerts/rule-settings.ts';
import type { AlertRules } from './read/alerts/rules.ts';
import type { Reading } from './read/reading.ts';
import { thenOf } from './read/then.ts';
import { fromHistory } from './from-history.ts';
import type { UpdateWatch } from './update-watch.ts';
import type { Views } from './views.ts';
import {
  addItem,
  arrangeLists,
  changeThresholds,
  createList,
  deleteList,
  divideList,
  moveItem,
  removeItem,
  renameList,
  restoreList,
  watchedIds,
} from './watchlists.ts';

export interface HandlerOptions {
  readonly store: HistoryStore;
  readonly out: Out;
  readonly storage: Storage;
  readonly filesIn: FilesIn;
  readonly workspaces: WorkspaceStore;
  readonly passwords: ProxyPasswords;
  readonly webhook: Webhook;
  readonly log: Log;
  readonly views: Views;
  readonly badge: Badge;
  readonly questions: Questions;
  readonly imports: ImportJobs;
  readonly listings: Listings;
  /** What each venue is, also where another process polls them. */
  readonly profiles: readonly (VenueProfile & Pick<Venue, 'files'>)[];
  readonly feeds: ReadonlyMap<VenueId, Feed>;
  readonly alertRules: AlertRules;
  readonly alerts: AlertNews;
  readonly decisions: Decisions;
  readonly pastFacts: PastFacts;
  readonly scenarios: Scenarios;
  readonly positions: Positions;
  readonly notes: Notes;
  readonly evidence: Evidence;
  info(): AppInfo;
  diagnostics(): Promise<string>;
  readonly updates: UpdateWatch;
  readonly settings: () => Settings;
  /** Makes the change, tells everybody, and follows it; answered when it is on disk: what was acknowledged survives a kill. Where the disk refuses, the store says so and tries again. */
  readonly keep: (change: (settings: Settings) => Settings) => Promise<Settings>;
  health(): VenueHealth[];
  /** Why nothing can be asked of venues here; null: it can. */
  refusal(): string | null;
  /** All that the person is to know; `ofStore`: what the store has just said. */
  notices(ofStore: readonly string[]): readonly string[];
  /** Answers of now (null, or nothing said) or of a moment of the past. */
  readonly at: (moment: Moment | null | undefined) => Promise<Answers>;
  readonly past: Reading['past'];
  /** The instrument as known; throws UserError 'not-found' for an unknown one. */
  readonly instrument: (id: InstrumentId) => Instrument;
  /** Venue-corrected time of the instrument. */
  now(id: InstrumentId): number;
  /** Its history is wanted although no list holds it. */
  open(id: InstrumentId): void;
}

/** The contract's calls over the core. */
export function createHandlers(options: HandlerOptions): Handlers {
  const {
    store,
    workspaces,
    views,
    questions,
    imports,
    listings,
    feeds,
    decisions,
    scenarios,
    positions,
    notes,
    evidence,
    keep,
    settings,
    instrument,
    at,
  } = options;

  /** The history of the one that is asked about is wanted although no list holds it. */
  function wanted({ on }: StudyRule): void {
    if ('instrument' in on) options.open(instrument(on.instrument).id);
  }
  const feed = (venue: VenueId): Feed => {
    const found = feeds.get(venue);
    const why = options.refusal();
    if (why !== null) throw new UserError('busy', why);
    if (!found) throw new UserError('not-found', 'That venue is not known here.');
    return found;
  };

  /** Why its venue cannot be asked for what is missing, in words; null: it can. */
  function unfillable(id: InstrumentId): string | null {
    const one = feeds.get(venueOf(id));
    if (options.refusal() !== null || one === undefined) return options.refusal() ?? 'Its venue is not known here.';
    return one.settings().enabled ? null : `${one.venue.name} is switched off. Switch it on in Venues to fill what is missing.`;
  }

  return {
    'app.info': settle(() => options.info()),
    'updates.look': () => options.updates.look(),
    'updates.prepare': async () => ({ version: await options.updates.prepare() }),
    'app.diagnostics': async () => ({ text: await options.diagnostics() }),
    'settings.get': settle(() => settings()),
    'settings.change': async (patch) => keep((old) => ({ ...old, ...given(patch) })),
    'workspace.get': settle((_, window) => workspaces.get(named(window))),
    'workspace.keep': settle((workspace, window) => {
      workspaces.keep(named(window), workspace);
      return null;
    }),
    'view.follow': settle((view, window) => ({ columns: [...views.follow(named(window), view)] })),
    'view.leave': settle((_, window) => {
      views.leave(named(window));
      return null;
    }),
    'view.active': settle(({ count }) => {
      options.badge.show(count);
      return null;
    }),
    'watchlist.rows': async ({ asOf }) => (await at(asOf)).rows(),
    'past.look': ({ moment, ...question }, window) => options.past(named(window), { ...question, then: thenOf(moment) }),
    'watchlist.add': async ({ list, instrument: id }) => keep((old) => addItem(old, list, instrument(id).id)),
    'watchlist.remove': async ({ list, instrument: id }) => keep((old) => removeItem(old, list, id)),
    'watchlist.move': async ({ list, instrument: id, to, section }) => keep((old) => moveItem(old, list, id, to, section)),
    'watchlist.divide': async ({ list, sections }) => keep((old) => divideList(old, list, sections)),
    'watchlist.arrange': async ({ lists }) => {
      const held = watchedIds(settings());
      for (const id of lists.flatMap(({ items }) => items)) if (!held.has(id)) instrument(id);
      return keep((old) => arrangeLists(old, lists));
    },
    'watchlist.create': async ({ name }) => keep((old) => createList(old, name)),
    'watchlist.rename': async ({ list, name }) => keep((old) => renameList(old, list, name)),
    'watchlist.delete': async ({ list }) => keep((old) => deleteList(old, list)),
    'watchlist.restore': async ({ list, at }) => keep((old) => restoreList(old, list, at)),
    async 'watchlist.import'({ dry, ...source }) {
      const known = [...listings.all()].map(({ instrument }) => instrument);
      const venues = [...feeds.values()].map(({ venue }) => venue);
      const found = importLists(source, settings().lists, known, venues, dry);
      if (found !== null && !dry)
        await keep((old) => ({ ...old, lists: importLists(source, old.lists, known, venues, dry)?.lists.slice() ?? old.lists }));
      return found?.look ?? null;
    },
    async 'thresholds.change'({ instrument: id, ...fields }) {
      if (id !== null) instrument(id);
      return keep((old) => changeThresholds(old, id, fields, DEFAULT_PARAMS));
    },
    'instruments.search': settle(({ text, limit }) => searchInstruments(listings.all(), text, limit)),
    'instruments.find': async ({ venue, symbol }) => feed(venue).find(symbol),
    async 'history.divergence'({ instrument: id, from, asOf }) {
      options.open(instrument(id).id);
      return (await at(asOf)).divergence(id, from);
    },
    async 'metrics.series'(input) {
      options.open(instrument(input.instrument).id);
      return (await at(input.asOf)).series(input);
    },
    async 'metrics.explain'(input) {
      instrument(input.instrument);
      return (await at(input.asOf)).explain(input);
    },
    async 'forecast.record'({ instrument: id, asOf }) {
      instrument(id);
      return (await at(asOf)).record(id);
    },
    'instrument.terms': async ({ instrument: id, asOf }) => (await at(asOf)).terms(instrument(id).id),
    'metrics.matrix': async (question) => (await at(question.asOf)).matrix(question),
    async 'decisions.facts'({ instrument: id, asOf = null }) {
      options.open(instrument(id).id);
      return asOf === null ? decisions.facts(id) : options.pastFacts.facts(id, asOf);
    },
    async 'decisions.spread'({ long, short, asOf = null }) {
      for (const id of [long, short]) if (id !== null) options.open(instrument(id).id);
      return asOf === null ? decisions.spread({ long, short }) : options.pastFacts.spread({ long, short }, asOf);
    },
    'scenarios.list': () => scenarios.list(),
    'scenarios.save': (input) => scenarios.save(input),
    'scenarios.delete': ({ id }) => scenarios.remove(id),
    'positions.open': (input) => scenarios.open(input),
    'positions.close': (input) => scenarios.close(input),
    'positions.list': () => positions.list(),
    'notes.list': () => notes.list(),
    'notes.save': (input) => notes.save(input),
    'notes.delete': ({ id }) => notes.remove(id),
    'notes.after': ({ id }) => notes.after(id),
    async 'alerts.save'(given) {
      if ('instrument' in given.on) instrument(given.on.instrument);
      return keep((old) => saveRule(old, given, options.info().now));
    },
    'alerts.delete': async ({ id }) => keep((old) => deleteRule(old, id)),
    'alerts.snooze': async (given) => keep((old) => snoozeRule(old, given)),
    async 'alerts.acknowledge'({ entries }) {
      await fromHistory(options.alerts.acknowledge(entries));
      options.alertRules.tell(entries.map(({ rule }) => rule));
      return null;
    },
    'webhook.state': () => options.webhook.state(),
    async 'webhook.save'(wanted) {
      await keep(await options.webhook.change(wanted));
      await fromHistory(options.webhook.hurry());
      return options.webhook.state();
    },
    'webhook.test': (wanted) => options.webhook.test(wanted),
    'alerts.states': settle(() => options.alertRules.states()),
    'alerts.log': ({ limit, asOf = null }) => fromHistory(options.alerts.log(limit, asOf && thenOf(asOf).at)),
    async 'evidence.study'(input) {
      wanted(input.question);
      return evidence.study(input);
    },
    'evidence.deciles': (input) => evidence.deciles(input),
    async 'evidence.count'(input) {
      wanted(input.question);
      return evidence.count(input);
    },
    'evidence.cancel': settle(({ job }) => {
      evidence.cancel(job);
      return null;
    }),
    'evidence.saved': () => evidence.saved(),
    'evidence.save': (input) => evidence.save(input),
    'evidence.forget': ({ id }) => evidence.forget(id),
    async 'history.status'() {
      const status = await fromHistory(store.status());
      return { ...status, notices: [...options.notices(status.notices)] };
    },
    async 'history.conflicts'({ limit, asOf = null }) {
      const conflicts = await fromHistory(store.conflicts(0, asOf ? thenOf(asOf).at : Infinity, asOf && thenOf(asOf).known));
      return conflicts.sort((a, b) => b.learntAt - a.learntAt).slice(0, limit);
    },
    'history.excess': async (limits) => fromHistory(store.hoursBeyond(limits, options.info().now)),
    async 'history.limit'(limits) {
      // Who records applies them once an hour.
      if (options.refusal() === null) await fromHistory(store.dropHoursBeyond(limits, options.info().now));
      return keep((old) => ({ ...old, limits }));
    },
    'import.begin': ({ name }) => imports.begin(name),
    'import.append': ({ id, bytes }) => imports.append(id, bytes),
    'import.look': settle(({ id, wishes }) => imports.look(id, wishes)),
    'import.run': settle(({ id, wishes, dry }) => imports.run(id, wishes, dry)),
    'import.cancel': settle(({ id }) => imports.cancel(id)),
    'import.drop': ({ id }) => imports.drop(id),
    'query.run': ({ job, sql }, window) => questions.run(named(window), job, sql),
    'query.stop': settle(({ job }) => {
      questions.stop(job);
      return null;
    }),
    'query.schema': () => questions.schema(),
    async 'coverage.calendar'({ instrument: id, kind }) {
      const known = instrument(id);
      options.open(id);
      const { intervalH = null } = listings.get(id) ?? {};
      const subject = { instrument: known, now: options.now(id), intervalH };
      const found = await fromHistory(readCoverage(store, kind, subject));
      return calendarAnswer(kind, found, unfillable(id));
    },
    'coverage.fill': settle(({ instrument: id }) => {
      const known = instrument(id);
      const why = unfillable(id);
      if (why !== null) throw new UserError('busy', why);
      options.open(id);
      feed(known.venue).fill(known);
      return null;
    }),
    'coverage.stop': settle(({ instrument: id }) => {
      feed(instrument(id).venue).stopFilling(id);
      return null;
    }),
    async 'explore.settlements'({ instrument: id, from, to, asOf = null }) {
      options.open(instrument(id).id);
      return fromHistory(
        readSettlements(store, {
          instrument: id,
          from,
          to: asOf === null ? to : Math.min(to, thenOf(asOf).at),
          asOf: asOf && thenOf(asOf).known,
          at: asOf && thenOf(asOf).at,
        }),
      );
    },
    'setup.out': ({ blocks }, window) =>
      options.out.put({
        name: `perpscope-${blocks === undefined ? 'setup' : blocks.join('-')}.${SETUP_ENDING}`,
        type: SETUP_TYPE,
        content: `${JSON.stringify(setupOf(settings(), workspaces.get(named(window)), settings().otherBlocks, blocks), null, 2)}\n`,
      }),
    'setup.handed': () => options.filesIn.handed(),
    'setup.look': settle(({ text }) => lookAt(readSetup(text))),
    async 'setup.take'({ text, blocks }, window) {
      const file = readSetup(text);
      const { layout } = takeSetup(file, blocks, settings(), options.info().now);
      if (layout !== null) {
        const here = workspaces.get(named(window));
        workspaces.keep(named(window), { ...layout, layouts: joinLayouts(here.layouts, layout.layouts) });
      }
      return keep((old) => ({
        ...takeSetup(file, blocks, old, options.info().now).settings,
        otherBlocks: { ...old.otherBlocks, ...otherBlocks(file) },
      }));
    },
    'out.stored': (input) => options.out.stored(input),
    'out.series': (input) => options.out.series(input),
    'out.table': (input) => options.out.table(input),
    'out.picture': (input) => options.out.picture(input),
    'out.study': (input) => options.out.study(input),
    ...storageHandlers(options),
    'venues.list': settle(() =>
      options.profiles.map(({ id, name, hue, fees, service, group = null, parts = null, files, host }) => ({
        id,
        name,
        hue,
        fees,
        group,
        unverified: service.unverified,
        parts,
        filesUrl: files?.url ?? null,
        exchange: host.name,
        tradingView: host.tradingView?.[0] ?? null,
      })),
    ),
    'venues.health': settle(() => options.health()),
    async 'venues.change'({ venue, change: fields }) {
      // Beside a collector too: it takes changed settings in.
      if (!options.profiles.some(({ id }) => id === venue)) throw new UserError('not-found', 'That venue is not known here.');
      return keep((old) => {
        const before = old.venues[venue] ?? newVenueSettings;
        return { ...old, venues: { ...old.venues, [venue]: { ...before, ...given(fields) } } };
      });
    },
    async 'venues.proxy'({ venue, proxy }) {
      if (venue !== null && !options.profiles.some(({ id }) => id === venue))
        throw new UserError('not-found', 'That venue is not known here.');
      const next = await keep(await proxyChange({ venue, typed: proxy }, options.passwords));
      await tidyPasswords(next, options.passwords, options.log);
      return next;
    },
    'venues.test': async ({ venue }) => feed(venue).test(),
    'venues.retry': settle(({ venue, anyway = false }) => {
      const one = feed(venue);
      if (!one.settings().enabled) throw new UserError('bad-input', `${one.venue.name} is switched off.`);
      const silentMs = one.retry(anyway);
      if (silentMs > 0)
        throw new UserError(
          'busy',
          `${one.venue.name} asked for silence; the next try is in ${inWords(silentMs)}. Asking sooner can make it longer.`,
        );
      return null;
    }),
    'venues.delist': settle(({ venue }) => {
      const one = feed(venue);
      if (!one.confirmMissing()) throw new UserError('bad-input', `${one.venue.name} tells of all its instruments again.`);
      return null;
    }),
  };
}

/** A handler that has nothing to wait for; what it throws rejects. */
const settle =
  <I, O>(run: (input: I, window: WindowId | null) => O) =>
  (input: I, window: WindowId | null): Promise<O> =>
    new Promise((resolve) => {
      resolve(run(input, window));
    });

function named(window: WindowId | null): WindowId {
  if (window === null) throw new UserError('bad-input', 'This request does not say which window it comes from. Reload the window.');
  return window;
}

/** The fields that a patch really gives. */
const given = <T extends object>(patch: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
