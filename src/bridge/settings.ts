import { z } from 'zod';
import { MARKET_EVENTS } from '#domain/market-events.ts';
import { RULE_OPS } from '#domain/rule.ts';
import { isZone, SEVERITIES } from '#domain/telling.ts';
import { proxyChoice } from './proxy.ts';
import { webhookUrl } from './webhook.ts';

/** The largest numbers that make sense: bounds exist so that a broken file or caller cannot ask for the absurd. */
export const signalParams = z.strictObject({
  /** Threshold on |D|, decimal per hour (0.0005 is 0.05 % per hour). */
  theta: z.number().gt(0).max(1),
  /** Closed periods in a row before a signal is active. */
  k: z.int().min(1).max(240),
  /** Window of the EMA in hours. */
  n: z.int().min(2).max(2160),
});
export type SignalParams = z.infer<typeof signalParams>;

export const instrumentIdText = z
  .string()
  .min(3)
  .max(80)
  .regex(/^[a-z0-9-]+:.+$/u, 'must be a venue and its symbol, such as binance:BTCUSDT.');

export const rateUnit = z.enum(['interval', '1h', '8h', 'day', 'apr']);
export const chartRange = z.enum(['1d', '3d', '7d', '30d', '90d', '1y', 'all']);

/** Headings of a list, each with the place of its first instrument, in the order of those. */
export const listSections = z.array(z.strictObject({ name: z.string().trim().min(1).max(60), from: z.int().min(0).max(1000) })).max(100);

export const watchlist = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(60),
  /** Assets of the preset that venues still have to fill in; empty for a list of the user's own. */
  assets: z.array(z.string().min(1).max(30)).max(200),
  /** Venues whose instruments of those assets are in already (so that a removed one stays removed). */
  seeded: z.array(z.string().max(40)).max(100),
  items: z.array(instrumentIdText).max(1000),
  /** Its headings; absent: none. */
  sections: listSections.optional(),
});
export type Watchlist = z.infer<typeof watchlist>;

/** A part of a venue that has many, as the venue names it. */
const venuePart = z
  .string()
  .max(20)
  .regex(/^[a-z0-9]+$/u, 'must be names of small letters and digits, such as xyz.');

const baseUrl = z
  .url({ protocol: /^https?$/u })
  .max(500)
  .refine((url) => !/[?#@\s]/u.test(url), 'must be a plain address: no user name, no password, no query.')
  .nullable();

export const venueSettings = z.strictObject({
  enabled: z.boolean(),
  /** Base URL instead of the venue's own: a mirror, a recorded server, a proxy that stands in its place. */
  url: baseUrl,
  /** The same of its public files, where it has some. */
  filesUrl: baseUrl.optional(),
  pollSeconds: z.int().min(5).max(3600),
  /** False: a person has cancelled the fetching of what is older than the newest weeks; absent: it is fetched. */
  olderHistory: z.boolean().optional(),
  /** Of a venue with parts: those that are asked for; null or absent: its usual ones. */
  parts: z
    .array(venuePart)
    .min(1)
    .max(20)
    .refine((parts) => new Set(parts).size === parts.length, 'must name each only once.')
    .nullable()
    .optional(),
  /** How it is asked; null or absent: as all are. */
  proxy: proxyChoice.nullable().optional(),
});
export type VenueSettings = z.infer<typeof venueSettings>;

/** How much is kept of the hour closes; null: all of them, for ever. Settled rates and prices have no limit. */
export const historyLimits = z.strictObject({
  ageDays: z.int().min(35).max(36_500).nullable(),
  /** Of the whole history: the oldest hour closes give way. */
  megabytes: z.int().min(20).max(10_000_000).nullable(),
});
export type HistoryLimits = z.infer<typeof historyLimits>;

/** Of how many of the last days, weeks and months a backup is kept; all 0: none is made. */
export const backupsKept = z.strictObject({
  days: z.int().min(0).max(365),
  weeks: z.int().min(0).max(520),
  months: z.int().min(0).max(1200),
});
export type BackupsKept = z.infer<typeof backupsKept>;

export const windowBounds = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400).max(20000),
  height: z.int().min(300).max(20000),
  maximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof windowBounds>;

/** A registered metric with parameters of the person's own; those left out have the metric's defaults. */
export const metricChoice = z.strictObject({
  metric: z.string().min(1).max(60),
  params: z.record(z.string().max(30), z.union([z.number(), z.string().max(40)])),
});
export type MetricChoice = z.infer<typeof metricChoice>;

/** A number as the person typed it; shares and rates in percent. */
const typedNumber = z
  .string()
  .max(30)
  .regex(/^(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})$/u, 'must be a plain number, such as 0.05.');
const fill = z.enum(['taker', 'maker']);

/** What a person brings to every calculation. */
export const calculatorSettings = z.strictObject({
  equity: typedNumber,
  risk: typedNumber,
  leverage: typedNumber,
  /** Empty: no cap but the venue's. */
  leverageCap: typedNumber.or(z.literal('')),
  margin: z.enum(['isolated', 'cross']),
  slipBps: typedNumber,
  fillIn: fill,
  fillOut: fill,
  holdH: typedNumber,
  /** Per day, for the risk that is scaled by volatility. */
  volatilityTarget: typedNumber,
  borrowApr: typedNumber,
  /** Name of the fee tier by venue; a venue that is not named has its first one. */
  feeTiers: z.record(z.string().max(40), z.string().max(40)),
});
export type CalculatorSettings = z.infer<typeof calculatorSettings>;

const listId = z.string().min(1).max(40);

export const alertCondition = z
  .strictObject({ choice: metricChoice, op: z.enum(RULE_OPS), /** In the metric's own stored unit. */ level: z.number() })
  .refine(({ op, level }) => op !== 'outside' || level > 0, 'A level that counts on both sides must be above 0.');

const minuteOfDay = z.int().min(0).max(1439);
/** Minutes of the day by the clocks of the zone. */
export const quietHours = z.strictObject({
  from: minuteOfDay,
  to: minuteOfDay,
  zone: z.string().max(60).refine(isZone, 'must be a time zone, such as UTC or Europe/Berlin.'),
});

/** When a rule that has entered tells; what each word means stands in the domain's telling.ts. */
export const alertTelling = z.strictObject({
  severity: z.enum(SEVERITIES),
  repeat: z.union([z.enum(['once', 'entry']), z.strictObject({ everyH: z.int().min(1).max(720) })]),
  expiresAt: z.number().min(0).nullable(),
  snoozedUntil: z.number().min(0).nullable(),
  /** Null: that of its severity. */
  cooldownMin: z.int().min(0).max(43_200).nullable(),
  /** 'usual': those of the settings. */
  quiet: z.union([z.enum(['usual', 'none']), quietHours]),
  nearSettlementMin: z.int().min(1).max(720).nullable(),
  /** Told once when it has had no value for so many hours; null: not told. */
  noDataH: z.int().min(1).max(720).nullable(),
});
export type AlertTelling = z.infer<typeof alertTelling>;

/** For all rules. */
export const alertManners = z.strictObject({
  /** By severity, in minutes. */
  cooldownMin: z.record(z.enum(SEVERITIES), z.int().min(0).max(43_200)),
  quiet: quietHours.nullable(),
  /** Which severities make a sound in the window; left out: none. */
  sound: z.array(z.enum(SEVERITIES)).max(3).optional(),
  /** What of the market itself is told: of what is followed, or of everything that is listed. Left out: it is not told. */
  events: z
    .partialRecord(z.enum(MARKET_EVENTS), z.strictObject({ of: z.enum(['followed', 'all']), severity: z.enum(SEVERITIES) }))
    .optional(),
});
export type AlertManners = z.infer<typeof alertManners>;

/** An alert on any metrics: all conditions, k closed periods in a row. What each word means stands in the domain's rule.ts. */
export const alertRule = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1, 'Give it a name.').max(80),
  /** One instrument (`among`: the list that a metric over a basket compares it within), or every one of a list, within that. */
  on: z.union([z.strictObject({ instrument: instrumentIdText, among: listId.nullable().default(null) }), z.strictObject({ list: listId })]),
  /** Whole or not at all: with one of them left out of a broken file the alert would tell of more than was asked. */
  conditions: z.array(alertCondition).min(1).max(4).readonly(),
  k: z.int().min(1).max(240),
  enabled: z.boolean(),
  /** Entries after this time are told: when it was made, changed in what it asks, or switched on. */
  since: z.number().min(0),
  /** Absent: as usual (core/read/alerts/rule-terms.ts), as of every rule of versions before. */
  tells: alertTelling.optional(),
});
export type AlertRule = z.infer<typeof alertRule>;

/** What a person decided and may look back on; kept with every version in the person's file. Every field stands alone: a bad one costs itself. */
export const personFields = {
  lists: z.array(watchlist).min(1).max(50),
  thresholds: signalParams,
  ownThresholds: z.record(instrumentIdText, signalParams.partial()),
  alerts: z.array(alertRule).max(100),
} as const;
export const personFacts = z.strictObject(personFields);
export type PersonFacts = z.infer<typeof personFacts>;

/** How the app looks, asks and keeps; in settings.json. Every field stands alone: a bad one costs itself, never the file. */
export const preferenceFields = {
  unit: rateUnit,
  /** The machine's own, or one by its name. */
  zone: z
    .string()
    .max(60)
    .refine((zone) => zone === 'utc' || zone === 'local' || isZone(zone), 'must be utc, local or a time zone, such as Europe/Berlin.'),
  theme: z.enum(['dark', 'light', 'contrast']),
  /** 'safe': told apart without one kind of cone. */
  colours: z.enum(['standard', 'safe']),
  density: z.enum(['compact', 'normal', 'roomy']),
  /** How the screen writes numbers and reads typed ones; what leaves it is plain. */
  numberFormat: z.enum(['system', 'point', 'comma', 'space', 'plain']),
  notify: z.boolean(),
  /** The first start has explained itself, and was closed. */
  introduced: z.boolean(),
  /** Looks for a newer version once a day; off until a person switches it on. */
  updates: z.boolean(),
  alertManners,
  /** Where what is told is posted too; null: nowhere. */
  webhook: webhookUrl.nullable(),
  venues: z.record(z.string().max(40), venueSettings),
  /** How venues are asked that say nothing of their own. */
  proxy: proxyChoice,
  limits: historyLimits,
  backups: backupsKept,
  calculators: calculatorSettings,
  /** Blocks of setups that a newer version wrote, as they were: they go into the next file. */
  otherBlocks: z.record(z.string().max(40), z.object({ version: z.int().min(1), value: z.unknown() })),
} as const;
export const preferences = z.strictObject(preferenceFields);
export type Preferences = z.infer<typeof preferences>;

/** What the windows see of both. */
export const settings = z.strictObject({ ...preferenceFields, ...personFields });
export type Settings = z.infer<typeof settings>;

/** What the renderer may change directly; lists, thresholds and the window have calls of their own. */
export const settingsPatch = settings
  .pick({
    unit: true,
    zone: true,
    theme: true,
    colours: true,
    density: true,
    numberFormat: true,
    notify: true,
    introduced: true,
    updates: true,
    alertManners: true,
    calculators: true,
  })
  .partial();
export type SettingsPatch = z.infer<typeof settingsPatch>;
