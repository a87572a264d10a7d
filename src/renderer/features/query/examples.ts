/** Questions to begin with: each runs as it stands on any history. */
export const EXAMPLES: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'Newest settlements',
    sql: 'SELECT time, venue, symbol, rate, interval_h, rate_per_8h\nFROM settlements\nORDER BY time DESC\nLIMIT 200',
  },
  {
    title: 'Mean funding per 8 h of the last 30 days, by instrument',
    sql: `SELECT instrument, count(*) AS settlements, avg(rate_per_8h) AS mean_per_8h, sum(rate) AS paid_by_longs
FROM settlements
WHERE time > (SELECT max(time) FROM settlements) - 30 * 86400000
GROUP BY instrument
ORDER BY abs(avg(rate_per_8h)) DESC`,
  },
  {
    title: 'Two venues of one asset, day by day',
    sql: `SELECT time / 86400000 * 86400000 AS time,
  sum(rate) FILTER (WHERE venue = (SELECT min(venue) FROM contracts WHERE asset = 'BTC')) AS first_venue,
  sum(rate) FILTER (WHERE venue = (SELECT max(venue) FROM contracts WHERE asset = 'BTC')) AS last_venue
FROM settlements
WHERE asset = 'BTC'
GROUP BY 1
ORDER BY 1`,
  },
  {
    title: 'How far the rate moved in its last 15 minutes',
    sql: `SELECT time, instrument, rate, rate - seen_15m_before AS moved
FROM settlements
WHERE seen_15m_before IS NOT NULL
ORDER BY abs(rate - seen_15m_before) DESC
LIMIT 200`,
  },
  { title: 'Settlements that were told twice', sql: 'SELECT * FROM told_twice ORDER BY time DESC' },
];
