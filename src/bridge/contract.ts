import { z } from 'zod';
import { AMOUNT_REFUSALS } from '#domain/amounts.ts';
import { MAX_RATE_PER_HOUR } from '#domain/decisions/reader.ts';
import { SEVERITIES } from '#domain/telling.ts';
import { alertEntry, alertNames, alertSave, alertState } from './alert.ts';
import { asOf } from './as-of.ts';
import { matrixLeast } from './matrix.ts';
import { afterHorizon, note, noteId, noteSave } from './note.ts';
import { forecastRecord } from './forecast.ts';
import { listLook } from './lists.ts';
import { importId, importPiece, importState, importWishes } from './import.ts';
import { queryAnswer, queryTable, queryText } from './query.ts';
import { coverage, coverageKind } from './coverage.ts';
import { exploredSettlements } from './explore.ts';
import { outPicture, outSeries, outStored, outStudy, outTable, putOut } from './out.ts';
import { handedFile, lookedAt, setupBlock, setupText } from './setup.ts';
import { decilesQuestion, decilesReport } from './deciles.ts';
import { appStudy, occurrences, savedStudy, studyJob, studyProgress, studyQuestion, studyRule, studySave } from './evidence.ts';
import { calculatorFacts, spreadFacts } from './facts.ts';
import { instrument, instrumentTerms } from './instrument.ts';
import { learntLater, pastFields, pastQuestion } from './past.ts';
import { positionView, scenario, scenarioId, scenarioSave } from './scenario.ts';
import {
  alertRule,
  backupsKept,
  historyLimits,
  instrumentIdText,
  listSections,
  metricChoice,
  settings,
  settingsPatch,
  signalParams,
  venueSettings,
  watchlist,
} from './settings.ts';
import { column, divergence, explanation, metricSeries } from './series.ts';
import type { WindowId } from './window.ts';
import { followed, view, workspace } from './workspace.ts';
import { backupList, backupName, chosenBackup, storageSurvey } from './storage.ts';
import { updateNews } from './update.ts';
import { webhookSave, webhookSaw, webhookState, webhookTry } from './webhook.ts';

/** Every call and event between the renderer and everything else. Times are epoch ms UTC, rates decimals. */

const time = z.number();

/** Why there is no value, in a word that the screen turns into a sentence. 'thinned': as of a moment of which retention deleted what was known. */
export const noValue = z.enum(['waiting', 'warming-up', 'gap', 'interval-unknown', 'stale', 'unlisted', 'thinned']);
export type NoValue = z.infer<typeof noValue>;

export const signalState = z.object({
  phase: z.enum(['quiet', 'building', 'active', 'fading']),
  /** +1: D above the band (short bias), -1: below (long bias), 0: quiet. */
  side: z.union([z.literal(1), z.literal(-1), z.literal(0)]),
  /** Closed periods in the state's run so far. */
  periods: z.number(),
  enteredAt: time.nullable(),
  /** Distinct observations behind the k periods of the entry, and how many of them were running ones. */
  observations: z.number(),
  running: z.number(),
  /** f is beyond neutral on D's side: "crowded"; else "easing". */
  crowded: z.boolean(),
});
export type SignalStateRow = z.infer<typeof signalState>;

/** A chosen column's value of one watched instrument, of now. */
export const metricCell = z.object({ value: z.number().nullable(), reason: z.string().nullable(), word: z.string() });
export type MetricCell = z.infer<typeof metricCell>;

const amountRefusal = z.enum(AMOUNT_REFUSALS);

export const watchRow = z.object({
  instrument,
  /** 'waiting' until the venue has answered once; 'unlisted' when it no longer lists the instrument. */
  status: z.enum(['waiting', 'live', 'unlisted']),
  /** Running rate per interval. */
  rate: z.number().nullable(),
  intervalH: z.number().nullable(),
  /** Hours that the venue states where its own settlements refute it; else null. */
  statedH: z.number().nullable(),
  /** The venue accrues without settlements: `intervalH` is what the rate is quoted for. */
  continuous: z.boolean(),
  nextFundingAt: time.nullable(),
  observedAt: time.nullable(),
  mark: z.number().nullable(),
  index: z.number().nullable(),
  /** In units of the price; times the mark it is quote money. */
  openInterest: z.number().nullable(),
  /** Asked for by itself then (epoch ms); null: with the row. */
  openInterestAt: z.number().nullable(),
  /** In quote money. */
  volume24h: z.number().nullable(),
  /** Why one of the two is not shown though the venue states it; null: neither is held back. */
  unconverted: z.object({ openInterest: amountRefusal, volume24h: amountRefusal }).partial().nullable(),
  /** The interest per hour: the resting place of the rate. */
  neutralPerHour: z.number().nullable(),
  /** Running rate per hour, the EMA of the closed hours, and their difference. */
  f: z.number().nullable(),
  ema: z.number().nullable(),
  d: z.number().nullable(),
  why: noValue.nullable(),
  /** Hours in the EMA's window so far; n and more once warm. */
  warmHours: z.number(),
  signal: signalState,
  params: signalParams,
  /** Which of theta, k, n are this instrument's own. */
  own: z.array(z.enum(['theta', 'k', 'n'])),
  /** All its settlements since then have charged exactly this rate, for two weeks and more; null: it moves, or too little is known. */
  pinned: z.object({ since: time, rate: z.number() }).nullable(),
  /** D at the last 168 closed hours, oldest first (NaN = none), ending at `sparkEnd`. */
  spark: column,
  sparkEnd: time.nullable(),
  /** Of the columns of every open window, by the names that `view.follow` gave them. */
  cells: z.record(z.string(), metricCell),
  /** Of a moment of the past: what of the settlements that the row rests on was learnt after it; null: of now. */
  learnt: learntLater.nullable(),
  /** In venue time, where nothing was polled: the rate is that of the last settlement, the prices are those of the last hour. */
  settledOnly: z.boolean(),
  /** No list holds it and nothing of it is told: it has a row because a window shows everything. */
  scanned: z.literal(true).optional(),
});
export type WatchRow = z.infer<typeof watchRow>;

export const venueHealth = z.object({
  id: z.string(),
  name: z.string(),
  /** Where the venue itself answers, and the address given at the start that wins over the settings' (null: none). */
  ownUrl: z.string(),
  givenUrl: z.string().nullable(),
  state: z.enum(['off', 'starting', 'healthy', 'partial', 'degraded', 'limited', 'blocked', 'down']),
  /** Last good answer and how long it took. */
  okAt: time.nullable(),
  latencyMs: z.number().nullable(),
  /** One sentence for the person when not healthy, with the time of the next try. */
  error: z.string().nullable(),
  nextTryAt: time.nullable(),
  pollMs: z.number(),
  instruments: z.number(),
  refused: z.number(),
  /** Which values were refused and why, the newest first and no more than a screen holds. */
  refusals: z.array(z.object({ symbol: z.string(), reason: z.string() })),
  /** Listed instruments that its newest answer lacked, where they are a large part of the market; 0 where it is whole. */
  missing: z.number(),
  /** Venue clock minus this computer's, ms; null where the venue never says its time. */
  clockOffsetMs: z.number().nullable(),
  /** Added to the app's time (`app.info`) this is the venue's, for the ages and countdowns of its rows; 0 but where venues disagree. */
  aheadMs: z.number(),
  /** Instruments whose history is still being fetched. */
  backfilling: z.number(),
  /** A person has cancelled the fetching of history that is older than the newest weeks. */
  cancelled: z.literal(true).optional(),
  /** What a person asked to be filled and is still at work: of `wholeMs` of settlements and prices `leftMs` are still to be asked for. */
  filling: z.array(z.object({ instrument: z.string(), leftMs: z.number(), wholeMs: z.number() })),
  /** Instruments of which the venue does not serve a part of the settlements or prices; asked again once a day. */
  unserved: z.number(),
  /** Those parts, the newest first and no more than a screen holds: what was asked for (from null: from the beginning) and did not come. */
  holes: z.array(z.object({ symbol: z.string(), kind: z.enum(['settled', 'price']), from: time.nullable(), to: time })),
});
export type VenueHealth = z.infer<typeof venueHealth>;

/** What a test of the way to a venue saw. */
export const venueTest = z.object({
  /** What was asked first, without its query. */
  address: z.string(),
  /** The proxy that it went through, without its user; null: none. */
  via: z.string().nullable(),
  /** Real ms to the end of the first answer, or to what came instead; null: nothing was sent. */
  ms: z.number().nullable(),
  /** HTTP status of the first answer; null: there was none. */
  status: z.number().nullable(),
  /** Venue clock minus this computer's, ms, by the answer itself or its header (then to a second); null: it says no time. */
  clockOffsetMs: z.number().nullable(),
  /** Instruments told of; null where it failed. */
  instruments: z.number().nullable(),
  /** What was wrong; null: nothing. */
  error: z.string().nullable(),
});
export type VenueTest = z.infer<typeof venueTest>;

const feeTiers = z.array(z.object({ name: z.string(), maker: z.number(), taker: z.number() })).readonly();
/** What a venue is, as its folder says it; it does not change while the app runs. */
export const venueProfile = z.object({
  id: z.string(),
  name: z.string(),
  /** Of its mark, degrees of OKLCH. */
  hue: z.number(),
  /** Per fill, decimal, the tier of a new account first; null: not sourced. `asOf`: when they were read. */
  fees: z.object({ perp: feeTiers, spot: feeTiers, source: z.string(), asOf: z.string() }).nullable(),
  /** Under which heading it stands in lists, after those that have none. */
  group: z.string().nullable(),
  /** What was read of its documentation alone, in words; none: everything was read with recorded answers too. */
  unverified: z.array(z.string()).readonly(),
  /** Of a venue of many parts: what they are, which are asked for until a person chooses, and some that there are; null: it has none. */
  parts: z.object({ name: z.string(), usual: z.array(z.string()).readonly(), examples: z.array(z.string()).readonly() }).nullable(),
  /** Its own address of public files of settlements; null: it has none. */
  filesUrl: z.string().nullable(),
  /** Whose market it is: several venues of one exchange stand together. */
  exchange: z.string(),
  /** What TradingView calls the exchange, before the colon of its symbols; null: it has none of it. */
  tradingView: z.string().nullable(),
});
export type VenueProfile = z.infer<typeof venueProfile>;

export const appInfo = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'browser']),
  platform: z.string(),
  demo: z.object({ speed: z.number(), seed: z.number() }).nullable(),
  /** The app's clock, for ages and countdowns: it advances `speed` ms per real ms from here. */
  now: time,
  speed: z.number(),
  dataDir: z.string(),
});
export type AppInfo = z.infer<typeof appInfo>;

export const matrixCell = z.object({
  instrument: z.string(),
  venue: z.string(),
  f: z.number().nullable(),
  d: z.number().nullable(),
  observedAt: time.nullable(),
  /** Why it has no say in the spread (stale, another coin, unconfirmed, too small); null when it has. */
  left: z.string().nullable(),
  /** In USD. */
  openInterest: z.number().nullable(),
  volume24h: z.number().nullable(),
  /** Of the running rates per hour since the asked hours ago; null: not asked for, or none was seen. */
  least: z.number().nullable(),
  greatest: z.number().nullable(),
  /** It stands far from the row's median, by the row's own dispersion. */
  isOutlier: z.boolean(),
  /** What a fill of the asked size each way costs beside fees, as a share of mid; null for the reason beside it. */
  slippage: z.number().nullable(),
  noSlippage: z.enum(['no-book', 'too-thin']).nullable(),
});
export type MatrixCell = z.infer<typeof matrixCell>;

/** Assets by venues: funding per hour in each cell, with the spread and the pair that makes it. */
export const matrixRow = z.object({
  asset: z.string(),
  cells: z.array(matrixCell),
  spread: z.number().nullable(),
  /** The pair of the spread: short the first, long the second. */
  short: z.string().nullable(),
  long: z.string().nullable(),
  reason: z.string().nullable(),
  /** Of the rates that have a say. */
  median: z.number().nullable(),
  dispersion: z.number().nullable(),
});
export type MatrixRow = z.infer<typeof matrixRow>;

export const searchHit = z.object({
  instrument,
  rate: z.number().nullable(),
  intervalH: z.number().nullable(),
  /** When the venue told the rate. */
  observedAt: time.nullable(),
  listed: z.boolean(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const historyStatus = z.object({
  bytes: z.number(),
  /** Of those: what deleted rows left, used again before the file grows. */
  reusableBytes: z.number(),
  walBytes: z.number(),
  settledRows: z.number(),
  /** What went wrong with the files, once each, in words for the person. */
  notices: z.array(z.string()),
});
export type HistoryStatus = z.infer<typeof historyStatus>;

/** Hour closes beyond a limit: how many, of which time, and about how many bytes. */
export const historyExcess = z.object({ rows: z.number(), from: time.nullable(), to: time.nullable(), bytes: z.number() });
export type HistoryExcess = z.infer<typeof historyExcess>;

/** A venue told another rate of a settlement than it had told first: `rate` stays the value. */
export const settledConflict = z.object({
  instrument: z.string(),
  key: time,
  rate: z.number(),
  otherRate: z.number(),
  otherStamp: time,
  learntAt: time,
});
export type SettledConflict = z.infer<typeof settledConflict>;

/** What one moment of the past shows: rows, venues and all that the person had set. */
export const pastView = z.object({ ...pastFields, rows: z.array(watchRow), health: z.array(venueHealth) });
export type PastView = z.infer<typeof pastView>;

const arrangedList = watchlist
  .pick({ items: true, sections: true })
  .extend({ list: z.string().min(1).max(40) })
  .refine(({ items }) => new Set(items).size === items.length, 'holds an instrument twice.');
const list = z.string().min(1).max(40);
/** The list that a metric over a basket compares within; null for none, and for every other metric. */
const basket = list.nullable();
const id = z.strictObject({ instrument: instrumentIdText });
const none = z.strictObject({});
const done = z.null();

export const calls = {
  'app.info': { input: none, output: appInfo },
  /** What a person may send with a report: versions, health, settings and the log's last lines, without private paths. */
  'app.diagnostics': { input: none, output: z.object({ text: z.string() }) },
  /** Asks now whether there is a newer version, whatever the setting says. */
  'updates.look': { input: none, output: updateNews },
  /** Downloads and checks it, to be put in place when the app ends. */
  'updates.prepare': { input: none, output: z.object({ version: z.string() }) },
  'settings.get': { input: none, output: settings },
  'settings.change': { input: settingsPatch, output: settings },
  /** What the asking window shows, as it was kept; of a window that was never seen a copy of the one used last. */
  'workspace.get': { input: none, output: workspace },
  'workspace.keep': { input: workspace, output: done },
  /** What the asking window looks at. It is followed until the window leaves, or says nothing for `LEASE_MS` (core/views.ts): a window says it again every few seconds. */
  'view.follow': { input: view, output: followed },
  'view.leave': { input: none, output: done },
  /** How many signals of fresh values are active, for what the system shows of the app outside its windows. */
  'view.active': { input: z.strictObject({ count: z.int().min(0).max(100_000) }), output: done },
  /** As of a moment of the past those of the lists of then, of instruments that were known by then; without cells: `metrics.series` has them. */
  'watchlist.rows': { input: z.strictObject({ asOf }), output: z.array(watchRow) },
  /** Stands at a moment of the past, or a step from it; the window's rows as they were, with its columns. */
  'past.look': { input: pastQuestion, output: pastView },
  'watchlist.add': { input: z.strictObject({ list, instrument: instrumentIdText }), output: settings },
  'watchlist.remove': { input: z.strictObject({ list, instrument: instrumentIdText }), output: settings },
  /** Puts the instrument at position `to` (0 is first). */
  'watchlist.move': {
    input: z.strictObject({
      list,
      instrument: instrumentIdText,
      to: z.int().min(0).max(1000),
      section: z.int().min(0).max(100).optional(),
    }),
    output: settings,
  },
  /** Other headings of a list. */
  'watchlist.divide': { input: z.strictObject({ list, sections: listSections }), output: settings },
  /** Other instruments and headings of these lists, all at once: many added, taken out or moved from one to another. */
  'watchlist.arrange': { input: z.strictObject({ lists: z.array(arrangedList).min(1).max(10) }), output: settings },
  'watchlist.create': { input: z.strictObject({ name: z.string().trim().min(1).max(60) }), output: settings },
  'watchlist.rename': { input: z.strictObject({ list, name: z.string().trim().min(1).max(60) }), output: settings },
  'watchlist.delete': { input: z.strictObject({ list }), output: settings },
  'watchlist.restore': { input: z.strictObject({ list: watchlist, at: z.int().min(0).max(50) }), output: settings },
  /** What a file would bring to the lists, or (`dry` false) does; null: it is no file of lists. */
  'watchlist.import': {
    input: z.strictObject({ file: z.string().max(260), text: setupText, name: z.string().max(60), dry: z.boolean() }),
    output: listLook.nullable(),
  },
  /** Global thresholds (instrument null) or an instrument's own; a field set to null goes back to the global one. */
  'thresholds.change': {
    input: z.strictObject({
      instrument: instrumentIdText.nullable(),
      theta: signalParams.shape.theta.max(Number(MAX_RATE_PER_HOUR)).nullable().optional(),
      k: signalParams.shape.k.nullable().optional(),
      n: signalParams.shape.n.nullable().optional(),
    }),
    output: settings,
  },
  'instruments.search': { input: z.strictObject({ text: z.string().max(60), limit: z.int().min(1).max(200) }), output: z.array(searchHit) },
  /** By its venue's symbol, from its public files where the venue itself has listed nothing yet, for it refuses this connection. */
  'instruments.find': {
    input: z.strictObject({ venue: z.string().max(40), symbol: z.string().trim().min(1).max(60) }),
    output: instrument,
  },
  'history.divergence': {
    input: z.strictObject({ instrument: instrumentIdText, from: z.number().min(0).nullable(), asOf }),
    output: divergence,
  },
  'metrics.series': {
    input: z.strictObject({ instrument: instrumentIdText, choice: metricChoice, list: basket, from: z.number().min(0).nullable(), asOf }),
    output: metricSeries,
  },
  /** The value at the last row at or before `at` (null: the newest closed one). */
  'metrics.explain': {
    input: z.strictObject({ instrument: instrumentIdText, choice: metricChoice, list: basket, at: z.number().min(0).nullable(), asOf }),
    output: explanation,
  },
  /** Assets of the list, or every asset that two venues list (list null), widest spread first. */
  'metrics.matrix': {
    input: z.strictObject({
      list: list.nullable(),
      least: matrixLeast.nullable().optional(),
      /** USD a leg: what it would slip by. */
      size: z.number().gt(0).max(1e12).nullable().optional(),
      /** Least and greatest of so many closed hours too. */
      hours: z.int().min(1).max(720).nullable().optional(),
      asOf,
    }),
    output: z.array(matrixRow),
  },
  /** What the rate of an instrument is made with, and what its venue stated of it. */
  'instrument.terms': { input: z.strictObject({ instrument: instrumentIdText, asOf }), output: instrumentTerms },
  /** How well the settlements of an instrument were foretold: it stands beside every forecast. */
  'forecast.record': { input: z.strictObject({ instrument: instrumentIdText, asOf }), output: forecastRecord },
  /** Everything that is known for a calculator; what fails costs only itself and stands in `missing`. */
  'decisions.facts': { input: z.strictObject({ instrument: instrumentIdText, asOf }), output: calculatorFacts },
  /** The past of a pair; null is spot, which pays nothing. */
  'decisions.spread': {
    input: z.strictObject({ long: instrumentIdText.nullable(), short: instrumentIdText.nullable(), asOf }),
    output: spreadFacts,
  },
  'scenarios.list': { input: none, output: z.array(scenario) },
  'scenarios.save': { input: scenarioSave, output: scenario },
  'scenarios.delete': { input: z.strictObject({ id: scenarioId }), output: done },
  /** From now on it is followed as held; each leg's entry and contracts are the calculation's unless given, in the order of its perpetual legs. */
  'positions.open': {
    input: z.strictObject({
      id: scenarioId,
      openAt: time.min(0),
      entries: z.array(z.string().max(60)).max(2).optional(),
      contracts: z.array(z.string().max(60)).max(2).optional(),
    }),
    output: scenario,
  },
  'positions.close': { input: z.strictObject({ id: scenarioId, closedAt: time.min(0) }), output: scenario },
  'positions.list': { input: none, output: z.array(positionView) },
  /** The journal, newest moment first. */
  'notes.list': { input: none, output: z.array(note) },
  'notes.save': { input: noteSave, output: note },
  'notes.delete': { input: z.strictObject({ id: noteId }), output: done },
  /** What came after the note's moment, by what is stored now; empty for a note of no single instrument. */
  'notes.after': { input: z.strictObject({ id: noteId }), output: z.array(afterHorizon) },
  'alerts.save': { input: alertSave, output: settings },
  'alerts.delete': { input: z.strictObject({ id: alertRule.shape.id }), output: settings },
  /** Of every enabled rule, on each of its instruments. */
  'alerts.states': { input: none, output: z.array(alertState) },
  /** Newest first. */
  'alerts.log': { input: z.strictObject({ limit: z.int().min(1).max(100_000), asOf }), output: z.array(alertEntry) },
  /** These have been seen: of a run that is acknowledged nothing is told again. */
  'alerts.acknowledge': { input: z.strictObject({ entries: alertNames }), output: done },
  /** The rule tells nothing until then; null: it tells again. */
  'alerts.snooze': { input: z.strictObject({ id: alertRule.shape.id, until: time.min(0).nullable() }), output: settings },
  /** Where what is told is posted too, and how that goes. */
  'webhook.state': { input: none, output: webhookState },
  'webhook.save': { input: webhookSave, output: webhookState },
  /** Posts a message that says that it is a test, once, and says what came back; nothing is kept. */
  'webhook.test': { input: webhookTry, output: webhookSaw },
  /** Did a rule pay, over the stored history; every other question about the same instruments is a try. Null: it was cancelled. */
  'evidence.study': { input: z.strictObject({ job: studyJob, question: studyQuestion }), output: appStudy.nullable() },
  /** A set sorted into tenths by a metric, over the stored history. Null: it was cancelled. */
  'evidence.deciles': { input: z.strictObject({ job: studyJob, question: decilesQuestion }), output: decilesReport.nullable() },
  /** How often a rule would have told, and where the values of its conditions lie: the same events, no verdict, no try. */
  'evidence.count': { input: z.strictObject({ job: studyJob, question: studyRule }), output: occurrences.nullable() },
  /** Ends that work; one that is over is no fault. */
  'evidence.cancel': { input: z.strictObject({ job: studyJob }), output: done },
  'evidence.saved': { input: none, output: z.array(savedStudy) },
  'evidence.save': { input: studySave, output: z.array(savedStudy) },
  'evidence.forget': { input: z.strictObject({ id: z.string().max(60) }), output: z.array(savedStudy) },
  'history.status': { input: none, output: historyStatus },
  /** Settlements that a venue told twice with different rates, the newest first, at most so many. */
  'history.conflicts': { input: z.strictObject({ limit: z.int().min(1).max(1000), asOf }), output: z.array(settledConflict) },
  /** What these limits would delete now. */
  'history.excess': { input: historyLimits, output: historyExcess },
  /** Takes the limits and deletes at once what lies beyond them; from then on every hour. */
  'history.limit': { input: historyLimits, output: settings },
  /** What is stored, how it grows and how it stands; reads the whole history beside everything else. */
  'storage.survey': { input: none, output: storageSurvey },
  'storage.backups': { input: none, output: backupList },
  /** One now, of everything in the folder. */
  'storage.save': { input: none, output: backupList },
  /** Which one is restored at the next start; null: none. */
  'storage.restore': { input: z.strictObject({ name: backupName.nullable() }), output: backupList },
  /** A dialog asks for a file on the desktop, which is restored at the next start; 'page': there is none, and the page hands one over. */
  'storage.choose': { input: none, output: chosenBackup },
  /** What was handed over as an import is (`import.begin`) becomes a backup, and is restored at the next start. */
  'storage.take': { input: z.strictObject({ id: importId }), output: backupList },
  'storage.keep': { input: backupsKept, output: settings },
  /** A question in SQL of the asking window, over what is stored; a later one of the same window ends the one before. 'bad-input': why it has no answer. */
  /** Hands a file over: begun by its name, then in pieces; `look` says how it would be read. */
  'import.begin': { input: z.strictObject({ name: z.string().min(1).max(255) }), output: importId },
  'import.append': { input: z.strictObject({ id: importId, bytes: importPiece }), output: done },
  /** These begin what `import.change` tells the course of. */
  'import.look': { input: z.strictObject({ id: importId, wishes: importWishes }), output: done },
  'import.run': { input: z.strictObject({ id: importId, wishes: importWishes, dry: z.boolean() }), output: done },
  'import.cancel': { input: z.strictObject({ id: importId }), output: done },
  'import.drop': { input: z.strictObject({ id: importId }), output: done },
  /** `job`: a name that the window gives no other question, so that a stop ends its own, also where it overtakes it. */
  'query.run': { input: z.strictObject({ job: studyJob, sql: queryText }), output: queryAnswer },
  'query.stop': { input: z.strictObject({ job: studyJob }), output: done },
  /** What can be asked about. */
  'query.schema': { input: none, output: z.array(queryTable) },
  /** What of one kind of an instrument's history should be there, and is. */
  'coverage.calendar': { input: z.strictObject({ instrument: instrumentIdText, kind: coverageKind }), output: coverage },
  /** Asks the venue now for all settlements and prices of it that are not there; how far it is says `filling` of the venue's health. */
  'coverage.fill': { input: id, output: done },
  'coverage.stop': { input: id, output: done },
  /** Settlements of a range with the mark of each, for what they paid to a position. */
  'explore.settlements': {
    input: z.strictObject({ instrument: instrumentIdText, from: time.min(0), to: time.min(0), asOf }),
    output: exploredSettlements,
  },
  /** Each makes a file: it is saved where a dialog says, or handed to the page, which hands it to the browser. */
  /** What is arranged here as one file; the layout is the asking window's. */
  'setup.out': { input: z.strictObject({ blocks: z.array(setupBlock).min(1).optional() }), output: putOut },
  /** The file of a setup that the system handed over, once; null: there is none. */
  'setup.handed': { input: none, output: handedFile.nullable() },
  /** What is in such a file, before anything is taken of it. */
  'setup.look': { input: z.strictObject({ text: setupText }), output: z.array(lookedAt) },
  /** Takes these blocks of it; what this version does not know is kept for the next file. */
  'setup.take': { input: z.strictObject({ text: setupText, blocks: z.array(z.string().max(40)).max(50) }), output: settings },
  'out.stored': { input: outStored, output: putOut },
  'out.series': { input: outSeries, output: putOut },
  'out.table': { input: outTable, output: putOut },
  'out.picture': { input: outPicture, output: putOut },
  'out.study': { input: outStudy, output: putOut },
  'venues.list': { input: none, output: z.array(venueProfile) },
  'venues.health': { input: none, output: z.array(venueHealth) },
  'venues.change': {
    input: z.strictObject({ venue: z.string().max(40), change: venueSettings.omit({ proxy: true }).partial() }),
    output: settings,
  },
  /** How a venue is asked, or (venue null) all that say nothing of their own: "off", "system", an address as typed; null: as all are. */
  'venues.proxy': {
    input: z.strictObject({ venue: z.string().max(40).nullable(), proxy: z.string().max(500).nullable() }),
    output: settings,
  },
  /** Asks the venue once, off or on, and says what was seen on the way; nothing of the answer is stored. */
  'venues.test': { input: z.strictObject({ venue: z.string().max(40) }), output: venueTest },
  /** Ask a venue again now, if its limits allow it; `anyway`: also while it wants silence, at the risk of a longer ban. */
  'venues.retry': { input: z.strictObject({ venue: z.string().max(40), anyway: z.boolean().optional() }), output: done },
  /** A person says that the instruments that the newest answer lacked are gone. */
  'venues.delist': { input: z.strictObject({ venue: z.string().max(40) }), output: done },
} as const;

export const events = {
  'settings.change': settings,
  /** Rows whose values changed, whole. */
  'watchlist.change': z.array(watchRow),
  'venues.change': z.array(venueHealth),
  /** Stored history of the instrument grew or changed: charts ask again. */
  'history.change': z.object({ instruments: z.array(z.string()) }),
  /** All of them, whole. */
  'scenarios.change': z.array(scenario),
  'positions.change': z.array(positionView),
  /** All of them, newest moment first. */
  'notes.change': z.array(note),
  /** States of these rules, whole; or something was written to their log. */
  'alerts.change': z.object({ rules: z.array(z.string()), states: z.array(alertState) }),
  /** How far a study has come. */
  'evidence.progress': studyProgress,
  /** A signal became active, or something turned against an open position: told once. */
  'signal.entered': z.object({ title: z.string(), body: z.string(), instrument: z.string(), severity: z.enum(SEVERITIES).optional() }),
  /** The person asked for an instrument outside the window: by a click on a notification. */
  'instrument.asked': z.object({ instrument: z.string() }),
  /** The system handed over the file of a setup, which `setup.handed` gives. */
  'setup.handed': z.object({}),
  /** How it stands with a file that was handed over. */
  'import.change': importState,
  /** What the app has to say, whole: what is wrong now and what happened in this run. What is no longer in it is over. */
  'app.notice': z.object({ notices: z.array(z.string()) }),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.infer<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<Calls[N]['output']>;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = z.infer<Events[N]>;

/** A closed union; one user sentence each in `errors.ts`. */
export const errorCode = z.enum(['unknown-call', 'bad-input', 'not-allowed', 'not-found', 'busy', 'storage', 'internal', 'disconnected']);
export type ErrorCode = z.infer<typeof errorCode>;

/** `message` is for the person. */
export type Envelope<T> = { ok: true; value: T } | { ok: false; error: { code: ErrorCode; message: string } };

/** One handler per call; a missing one does not compile. `window`: whose call it is; null for the shell's own. */
export type Handlers = { [N in CallName]: (input: CallInput<N>, window: WindowId | null) => Promise<CallOutput<N>> };

/** What a shell gives the renderer. */
export interface Transport {
  invoke(name: string, input: unknown): Promise<Envelope<unknown>>;
  /** Returns the unsubscribe. */
  subscribe(name: string, listener: (payload: unknown) => void): () => void;
}
