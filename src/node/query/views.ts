import type { Database } from 'better-sqlite3';

/** A view made for reading: numbers of ours (of instruments, batches, terms) are resolved, later words stand in the place of earlier ones. */
interface View {
  readonly name: string;
  readonly says: string;
  /** Name, what it says, and the expression that it is. */
  readonly columns: readonly (readonly [name: string, says: string, sql: string])[];
  /** What it is read from; more than one: rows of the one, then of the next. */
  readonly from: readonly string[];
}

const WHO = [
  ['instrument', 'id: venue and symbol', 'i.id'],
  ['venue', 'id of the venue', 'i.venue'],
  ['symbol', "the venue's own", 'i.symbol'],
  ['asset', 'as it stands now', 'coalesce(il.asset, i.asset)'],
] as const;

/** The newest word on an instrument, beside its first. */
const LATER = `LEFT JOIN main.instruments_later il ON il.instrument = i.number
  AND il.version = (SELECT max(version) FROM main.instruments_later WHERE instrument = i.number)`;
const instrumentOf = (row: string): string => `JOIN main.instruments i ON i.number = ${row}.instrument ${LATER}`;
const newest = (column: string): string => `CASE WHEN il.version IS NULL THEN i.${column} ELSE il.${column} END`;

/** The newest word on a row of `table`, beside its first. */
const laterOf = (table: string, row: string, key: string): string => `LEFT JOIN main.${table} l ON l.instrument = ${row}.instrument
  AND l.${key} = ${row}.${key} AND l.version = (SELECT max(version) FROM main.${table} WHERE instrument = ${row}.instrument AND ${key} = ${row}.${key})`;
const newestOf = (row: string, column: string): string => `CASE WHEN l.version IS NULL THEN ${row}.${column} ELSE l.${column} END`;

/** Rows in the order of their instruments, then those in the order of time; of two with one key the first stays. */
const coldAndHot = (kind: 'hour' | 'snapshot', key: string, joined = ''): readonly string[] => [
  `main.${kind}_cold r ${instrumentOf('r')} ${joined}`,
  `main.${kind}_hot r ${instrumentOf('r')} ${joined}
     WHERE NOT EXISTS (SELECT 1 FROM main.${kind}_cold c WHERE c.instrument = r.instrument AND c.${key} = r.${key})`,
];

const RATE = 'coalesce(l.rate, s.rate)';
const SETTLED_H = newestOf('s', 'interval_h');
/** Of what was seen so many minutes before a settlement; before its interval began it is of the one before. */
const seenBefore = (minutes: number): string => `CASE WHEN ${SETTLED_H} * 60 > ${minutes} THEN b.seen${minutes} END`;

const OF_HISTORY: readonly View[] = [
  {
    name: 'contracts',
    says: 'an instrument, as it was told last',
    columns: [
      ...WHO,
      ['quote', 'coin of the price', newest('quote')],
      ['settle', 'coin of the settlement', newest('settle')],
      ['contract', 'linear or inverse', newest('contract')],
      ['multiplier', 'coins of the asset in one of the price', newest('multiplier')],
      ['contract_size', 'base coins (linear) or quote money (inverse)', newest('contract_size')],
      ['class', 'crypto, equity, ...', newest('asset_class')],
      ['listed_at', 'UTC ms', newest('listed_at')],
      ['delisted_at', 'UTC ms', newest('delisted_at')],
    ],
    from: [`main.instruments i ${LATER}`],
  },
  {
    name: 'settlements',
    says: 'a settled rate, with what was seen running before it',
    columns: [
      ...WHO,
      ['time', 'UTC ms of the settlement', 's.key'],
      ['rate', 'decimal per interval', RATE],
      ['interval_h', 'h', SETTLED_H],
      ['rate_per_8h', 'decimal, derived', `${RATE} * 8 / (${SETTLED_H})`],
      ['mark', 'quote money', newestOf('s', 'mark')],
      ['premium', 'fraction', newestOf('s', 'premium')],
      ['seen_60m_before', 'running rate, decimal per interval', seenBefore(60)],
      ['seen_15m_before', 'running rate, decimal per interval', seenBefore(15)],
      ['seen_5m_before', 'running rate, decimal per interval', seenBefore(5)],
      ['seen_last', 'running rate, decimal per interval', `CASE WHEN b.last_at > s.key - ${SETTLED_H} * 3600000 THEN b.last END`],
      ['learnt_at', 'UTC ms when this machine learnt it', 's.learnt_at'],
    ],
    from: [
      `main.settled s ${instrumentOf('s')} ${laterOf('settled_later', 's', 'key')}
       LEFT JOIN main.settled_seen b ON b.instrument = s.instrument AND b.key = s.key AND b.interval_h = ${SETTLED_H}`,
    ],
  },
  {
    name: 'hours',
    says: 'a closed hour as this app observed it',
    columns: [
      ...WHO,
      ['time', 'UTC ms of the close', 'r.close'],
      ['rate', 'running rate, decimal per interval', 'r.rate'],
      ['interval_h', 'h', 'r.interval_h'],
      ['rate_min', 'lowest of the hour', 'r.rate_min'],
      ['rate_max', 'highest of the hour', 'r.rate_max'],
      ['mark', 'quote money', 'r.mark'],
      ['index_price', 'quote money', 'r.idx'],
      ['open_interest', 'base coins', 'r.open_interest'],
      ['volume_24h', 'quote money', 'r.volume_24h'],
      ['premium_mean', 'fraction, derived', 'r.premium'],
      ['coverage', 'share of the hour observed', 'r.covered_ms / 3600000.0'],
      ['cap', 'decimal per interval', 't.cap'],
      ['floor', 'decimal per interval', 't.floor'],
      ['interest_per_8h', 'decimal', 't.interest_per_8h'],
    ],
    from: coldAndHot('hour', 'close', 'LEFT JOIN main.terms t ON t.number = r.terms'),
  },
  {
    name: 'polls',
    says: 'an observation of a watched instrument, as long as polls are kept',
    columns: [
      ...WHO,
      ['time', 'UTC ms', 'r.ts'],
      ['rate', 'running rate, decimal per interval', 'r.rate'],
      ['interval_h', 'h', 'r.interval_h'],
      ['mark', 'quote money', 'r.mark'],
      ['index_price', 'quote money', 'r.idx'],
      ['open_interest', 'base coins', 'r.open_interest'],
      ['volume_24h', 'quote money', 'r.volume_24h'],
      ['next_settlement', 'UTC ms', 'r.next_funding_at'],
    ],
    from: coldAndHot('snapshot', 'ts'),
  },
  {
    name: 'price_hours',
    says: "an hour's close of the venue's own candles",
    columns: [
      ...WHO,
      ['time', 'UTC ms of the close', 'p.close'],
      ['mark', 'quote money', newestOf('p', 'mark')],
      ['index_price', 'quote money', newestOf('p', 'idx')],
      ['last', 'quote money', newestOf('p', 'last')],
    ],
    from: [`main.prices p ${instrumentOf('p')} ${laterOf('prices_later', 'p', 'close')}`],
  },
  {
    name: 'told_twice',
    says: 'a settlement of which the venue told another rate later',
    columns: [
      ...WHO,
      ['time', 'UTC ms of the settlement', 'c.key'],
      ['rate', 'the first word, which stays', 'c.kept_rate'],
      ['other_rate', 'the later word', 'c.other_rate'],
      ['first_seen_at', 'UTC ms', 'c.first_seen'],
    ],
    from: [`main.conflicts c ${instrumentOf('c')}`],
  },
];

/** Of the person's file. */
const OF_PERSON: readonly View[] = [
  {
    name: 'signal_entries',
    says: 'a signal that became active',
    columns: [
      ['instrument', 'id', 's.instrument'],
      ['time', 'UTC ms of the close', 's.at'],
      ['side', '1: D above the band, -1: below', 's.side'],
      ['d', 'decimal per hour', 's.d'],
      ['theta', 'decimal per hour', 's.theta'],
      ['k', 'periods', 's.k'],
      ['n', 'h', 's.n'],
    ],
    from: ['person.signals s'],
  },
  {
    name: 'alert_log',
    says: 'an entry of an alert rule',
    columns: [
      ['rule', 'id of the rule', 'a.rule'],
      ['instrument', 'id', 'a.instrument'],
      ['time', 'UTC ms of the close', 'a.at'],
      ['told', '1: it was told', 'a.told'],
      ['body', 'JSON, as it was told', 'a.body'],
    ],
    from: ['person.alerts a'],
  },
];

export const viewsOf = (withPerson: boolean): readonly View[] => [...OF_HISTORY, ...(withPerson ? OF_PERSON : [])];

/** Temporary: they live in the connection and end with it. */
export function addViews(db: Database, withPerson: boolean): void {
  for (const { name, columns, from } of viewsOf(withPerson)) {
    const list = columns.map(([column, , sql]) => `${sql} AS ${column}`).join(', ');
    db.exec(`CREATE TEMP VIEW ${name} AS ${from.map((rows) => `SELECT ${list} FROM ${rows}`).join(' UNION ALL ')}`);
  }
}
