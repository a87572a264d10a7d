/** SELECT of settlements `s` as they are known now: each in its newest version. */
export const KNOWN = `
  SELECT s.key, s.stamp, coalesce(l.rate, s.rate) AS rate, s.rate AS first_rate, s.import AS source, coalesce(l.version, 0) AS version,
    CASE WHEN l.key IS NULL THEN s.interval_h ELSE l.interval_h END AS interval_h,
    CASE WHEN l.key IS NULL THEN s.interval_source ELSE l.interval_source END AS interval_source,
    CASE WHEN l.key IS NULL THEN s.mark ELSE l.mark END AS mark,
    CASE WHEN l.key IS NULL THEN s.premium ELSE l.premium END AS premium
  FROM settled s LEFT JOIN settled_later l ON l.instrument = s.instrument AND l.key = s.key
    AND l.version = (SELECT max(version) FROM settled_later WHERE instrument = s.instrument AND key = s.key)`;
