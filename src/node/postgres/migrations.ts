/** Forward only, each in one transaction under a lock; a shipped one never changes. `$schema` is where the history lies. */
export const MIGRATIONS: readonly string[] = [
  `
  -- What SQLite has as its own, under the names by which the statements of the history call it.
  CREATE FUNCTION json_each(list text) RETURNS TABLE (key float8, value text) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 500 AS
    'SELECT (ordinality - 1)::float8, one FROM json_array_elements_text(list::json) WITH ORDINALITY AS given (one, ordinality)';
  CREATE FUNCTION json_numbers(list text) RETURNS TABLE (key float8, value float8) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 500 AS
    'SELECT (ordinality - 1)::float8, one::float8 FROM json_array_elements_text(list::json) WITH ORDINALITY AS given (one, ordinality)';
  CREATE FUNCTION iif(is_so boolean, value float8, otherwise float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT CASE WHEN is_so THEN value ELSE otherwise END';
  CREATE FUNCTION whole_rest(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS 'SELECT a - trunc(a / b) * b';
  CREATE OPERATOR % (LEFTARG = float8, RIGHTARG = float8, FUNCTION = whole_rest);

  -- Numbers and times are doubles, as the program has them: what is read is what was written, to the last bit.
  CREATE SEQUENCE instrument_number;
  CREATE TABLE instruments (
    number float8 PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    venue text COLLATE "C" NOT NULL,
    symbol text NOT NULL,
    asset text NOT NULL,
    quote text NOT NULL,
    settle text NOT NULL,
    contract text NOT NULL CHECK (contract IN ('linear', 'inverse')),
    multiplier float8 NOT NULL CHECK (multiplier > 0),
    contract_size float8 CHECK (contract_size > 0),
    asset_class text,
    aliases text NOT NULL DEFAULT '',
    listed_at float8 CHECK (listed_at >= 0),
    delisted_at float8 CHECK (delisted_at >= 0),
    learnt_at float8 NOT NULL DEFAULT 0
  );
  CREATE TABLE instruments_later (
    instrument float8 NOT NULL,
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    asset text NOT NULL,
    quote text NOT NULL,
    settle text NOT NULL,
    contract text NOT NULL CHECK (contract IN ('linear', 'inverse')),
    multiplier float8 NOT NULL CHECK (multiplier > 0),
    contract_size float8 CHECK (contract_size > 0),
    asset_class text,
    aliases text NOT NULL,
    listed_at float8 CHECK (listed_at >= 0),
    delisted_at float8 CHECK (delisted_at >= 0),
    PRIMARY KEY (instrument, version)
  );
  CREATE TABLE listings (
    instrument float8 NOT NULL,
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    delisted float8 NOT NULL CHECK (delisted IN (0, 1)),
    PRIMARY KEY (instrument, version)
  );

  CREATE TABLE settled (
    instrument float8 NOT NULL,
    key float8 NOT NULL CHECK (key >= 0),
    stamp float8 NOT NULL CHECK (stamp >= 0),
    rate float8 NOT NULL,
    interval_h float8 CHECK (interval_h > 0),
    interval_source float8 CHECK (interval_source IN (1, 2, 3)),
    mark float8 CHECK (mark > 0),
    learnt_at float8 NOT NULL,
    premium float8,
    import float8,
    PRIMARY KEY (instrument, key),
    CHECK ((interval_h IS NULL) = (interval_source IS NULL))
  );
  CREATE TABLE settled_later (
    instrument float8 NOT NULL,
    key float8 NOT NULL,
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    interval_h float8 CHECK (interval_h > 0),
    interval_source float8 CHECK (interval_source IN (1, 2, 3)),
    mark float8 CHECK (mark > 0),
    premium float8,
    import float8,
    rate float8,
    PRIMARY KEY (instrument, key, version),
    CHECK ((interval_h IS NULL) = (interval_source IS NULL))
  );
  CREATE TABLE settled_seen (
    instrument float8 NOT NULL,
    key float8 NOT NULL,
    interval_h float8 NOT NULL,
    seen60 float8,
    seen15 float8,
    seen5 float8,
    last float8 NOT NULL,
    last_at float8 NOT NULL,
    PRIMARY KEY (instrument, key)
  );
  CREATE TABLE conflicts (
    instrument float8 NOT NULL,
    key float8 NOT NULL,
    other_rate float8 NOT NULL,
    kept_rate float8 NOT NULL,
    other_stamp float8 NOT NULL,
    first_seen float8 NOT NULL,
    last_seen float8 NOT NULL,
    times float8 NOT NULL CHECK (times > 0),
    import float8,
    PRIMARY KEY (instrument, key, other_rate)
  );

  CREATE SEQUENCE batches_number;
  CREATE TABLE batches (number float8 PRIMARY KEY DEFAULT nextval('batches_number'), learnt_at float8 NOT NULL, import float8);
  CREATE TABLE prices (
    instrument float8 NOT NULL,
    close float8 NOT NULL CHECK (close % 3600000 = 0),
    mark float8 CHECK (mark > 0),
    idx float8 CHECK (idx > 0),
    last float8 CHECK (last > 0),
    learnt float8,
    PRIMARY KEY (instrument, close)
  ) PARTITION BY RANGE (close);
  CREATE TABLE prices_later (
    instrument float8 NOT NULL,
    close float8 NOT NULL,
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    mark float8 CHECK (mark > 0),
    idx float8 CHECK (idx > 0),
    last float8 CHECK (last > 0),
    import float8,
    PRIMARY KEY (instrument, close, version)
  );

  CREATE TABLE spans (
    instrument float8 NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('settled', 'price')),
    from_t float8 NOT NULL,
    to_t float8 NOT NULL CHECK (to_t > from_t),
    PRIMARY KEY (instrument, kind, from_t)
  );
  CREATE TABLE spans_learnt (
    instrument float8 NOT NULL,
    kind float8 NOT NULL CHECK (kind IN (0, 1)),
    version float8 NOT NULL,
    from_t float8,
    to_t float8 NOT NULL,
    late_ms float8,
    taken_back float8 CHECK (taken_back = 1),
    PRIMARY KEY (instrument, kind, version)
  );
  CREATE TABLE asked_later (
    instrument float8 NOT NULL,
    kind float8 NOT NULL CHECK (kind IN (0, 1)),
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    stretches text NOT NULL,
    PRIMARY KEY (instrument, kind, version)
  );

  -- The embedded store writes rows of now into tables in the order of time and moves them later; here they go where they stay, and the
  -- tables of now are always empty.
  CREATE TABLE snapshot_cold (
    instrument float8 NOT NULL,
    ts float8 NOT NULL CHECK (ts >= 0),
    rate float8 NOT NULL,
    interval_h float8 CHECK (interval_h > 0),
    mark float8 CHECK (mark > 0),
    idx float8 CHECK (idx > 0),
    open_interest float8 CHECK (open_interest >= 0),
    volume_24h float8 CHECK (volume_24h >= 0),
    next_funding_at float8,
    late_ms float8 NOT NULL DEFAULT 0 CHECK (late_ms >= 0),
    own_premium float8,
    PRIMARY KEY (instrument, ts)
  ) PARTITION BY RANGE (ts);
  CREATE TABLE hour_cold (
    instrument float8 NOT NULL,
    close float8 NOT NULL CHECK (close % 3600000 = 0),
    observed_at float8 NOT NULL,
    rate float8 NOT NULL,
    interval_h float8 CHECK (interval_h > 0),
    mark float8 CHECK (mark > 0),
    idx float8 CHECK (idx > 0),
    open_interest float8 CHECK (open_interest >= 0),
    volume_24h float8 CHECK (volume_24h >= 0),
    rate_min float8 NOT NULL CHECK (rate_min <= rate),
    rate_max float8 NOT NULL CHECK (rate_max >= rate),
    premium float8,
    premium_min float8,
    premium_max float8,
    covered_ms float8 NOT NULL CHECK (covered_ms BETWEEN 0 AND 3600000),
    next_in_ms float8,
    terms float8,
    late_ms float8 NOT NULL DEFAULT 0 CHECK (late_ms >= 0),
    PRIMARY KEY (instrument, close)
  ) PARTITION BY RANGE (close);
  CREATE TABLE snapshot_hot (LIKE snapshot_cold INCLUDING DEFAULTS, CHECK (false));
  CREATE TABLE hour_hot (LIKE hour_cold INCLUDING DEFAULTS, CHECK (false));
  CREATE TABLE newest (block float8 PRIMARY KEY, observations bytea NOT NULL) WITH (fillfactor = 50);

  CREATE TABLE book_raw (
    instrument float8 NOT NULL,
    ts float8 NOT NULL CHECK (ts >= 0),
    mid float8 NOT NULL CHECK (mid > 0),
    bids float8 NOT NULL CHECK (bids > 0),
    levels bytea NOT NULL,
    PRIMARY KEY (instrument, ts)
  ) PARTITION BY RANGE (ts);
  CREATE TABLE book_hour (LIKE book_raw INCLUDING ALL);

  CREATE SEQUENCE terms_number;
  CREATE TABLE terms (
    number float8 PRIMARY KEY DEFAULT nextval('terms_number'),
    instrument float8 NOT NULL,
    from_t float8 NOT NULL CHECK (from_t >= 0),
    learnt_at float8 NOT NULL,
    cap float8 CHECK (cap > 0),
    floor float8 CHECK (floor < 0),
    interest_per_8h float8
  );
  CREATE INDEX terms_of_instrument ON terms (instrument);
  CREATE TABLE order_rules (
    instrument float8 NOT NULL,
    version float8 NOT NULL,
    learnt_at float8 NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (instrument, version)
  );
  CREATE SEQUENCE events_number;
  CREATE TABLE events (
    number float8 PRIMARY KEY DEFAULT nextval('events_number'),
    at float8 NOT NULL,
    kind text NOT NULL,
    venue text COLLATE "C" NOT NULL,
    instrument text,
    text text NOT NULL,
    learnt_at float8
  );
  CREATE INDEX events_at ON events (at);
  CREATE TABLE runs (from_t float8 PRIMARY KEY, to_t float8 NOT NULL CHECK (to_t > from_t));
  CREATE SEQUENCE thinned_number;
  CREATE TABLE thinned (number float8 PRIMARY KEY DEFAULT nextval('thinned_number'), what text NOT NULL, from_t float8 NOT NULL, to_t float8 NOT NULL, at float8 NOT NULL);
  CREATE SEQUENCE changes_number;
  CREATE TABLE changes (number float8 PRIMARY KEY DEFAULT nextval('changes_number'), instrument float8 NOT NULL, kind float8 NOT NULL CHECK (kind IN (0, 1)), from_t float8 NOT NULL);
  CREATE SEQUENCE imports_number;
  CREATE TABLE imports (
    number float8 PRIMARY KEY DEFAULT nextval('imports_number'),
    name text NOT NULL,
    bytes float8 NOT NULL CHECK (bytes >= 0),
    sha256 text NOT NULL,
    begun_at float8 NOT NULL,
    read_as text NOT NULL,
    UNIQUE (sha256, begun_at)
  );
  CREATE TABLE open_interest (
    instrument float8 NOT NULL,
    at float8 NOT NULL CHECK (at >= 0),
    value float8 NOT NULL CHECK (value >= 0),
    batch float8 NOT NULL,
    PRIMARY KEY (instrument, at)
  );
  CREATE TABLE told_otherwise (
    instrument float8 NOT NULL,
    at float8 NOT NULL,
    field text COLLATE "C" NOT NULL,
    value float8 NOT NULL,
    import float8 NOT NULL,
    learnt_at float8 NOT NULL,
    PRIMARY KEY (instrument, at, field, value)
  );
  CREATE TABLE meta (name text COLLATE "C" PRIMARY KEY, value float8 NOT NULL);
  INSERT INTO meta VALUES ('newest_together', 1), ('taken_over_at', 0);

  -- The month's partition of a table, made where it is missing. Attached, not created in place: readers go on meanwhile.
  CREATE FUNCTION month_of(parent text, at float8) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    month timestamp := date_trunc('month', to_timestamp(at / 1000) AT TIME ZONE 'UTC');
    name text := parent || to_char(month, '_YYYY_MM');
  BEGIN
    IF parent NOT IN ('snapshot_cold', 'hour_cold', 'prices', 'book_raw') THEN RAISE EXCEPTION 'no such table: %', parent; END IF;
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('perpscope partitions'));
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, name,
      extract(epoch FROM month) * 1000, extract(epoch FROM month + interval '1 month') * 1000);
  END $$;

  -- Numbers of changes grow in the order in which they are committed: a reader that has seen one has seen those before it.
  CREATE FUNCTION changes_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock(hashtext('perpscope changes')); RETURN NULL; END $$;
  CREATE TRIGGER in_turn BEFORE INSERT ON changes FOR EACH STATEMENT EXECUTE FUNCTION changes_in_turn();

  -- Who writes what. A batch says under which number it is written; another holder has another number.
  CREATE TABLE leases (
    what text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    epoch float8 NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE FUNCTION take_lease(wanted text, who text, ms float8, may_take boolean, OUT epoch float8, OUT holder text, OUT expired boolean) LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  BEGIN
    INSERT INTO leases AS l VALUES (wanted, who, 1, clock_timestamp() + ms * interval '1 ms')
      ON CONFLICT (what) DO UPDATE SET holder = who, epoch = l.epoch + (l.holder <> who)::int, expires_at = clock_timestamp() + ms * interval '1 ms'
      WHERE l.holder = who OR (l.expires_at < clock_timestamp() AND (may_take OR l.expires_at = '-infinity'))
      RETURNING l.epoch, l.holder INTO epoch, holder;
    IF NOT FOUND THEN
      SELECT NULL, l.holder, l.expires_at < clock_timestamp() INTO epoch, holder, expired FROM leases l WHERE l.what = wanted;
    END IF;
  END $$;
  CREATE FUNCTION give_up_lease(held text, who text) RETURNS void LANGUAGE sql AS
    'UPDATE leases SET expires_at = ''-infinity'' WHERE what = held AND holder = who';
  -- Said first in a batch. FOR SHARE: who takes the lease over waits for the batch, and the batch after that is refused.
  CREATE FUNCTION under_lease(held text, who text, number float8) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM leases WHERE what = held AND holder = who AND epoch = number FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'the lease of % is held by another', held USING ERRCODE = 'PS001'; END IF;
  END $$;
  `,
  `
  -- Newest values of as many instruments of one venue as fit beside each other in a row that is not set aside: a poll writes a thirteenth of
  -- the rows. A history that has instruments keeps them as they are numbered.
  UPDATE meta SET value = 13 WHERE name = 'newest_together' AND NOT EXISTS (SELECT FROM instruments);
  `,
  `
  -- Months whose rows lie in an archive and here no more; of \`part\` see node/archive.
  CREATE TABLE archived (
    from_t float8 PRIMARY KEY,
    to_t float8 NOT NULL CHECK (to_t > from_t),
    at float8 NOT NULL,
    place text NOT NULL,
    part float8 NOT NULL CHECK (part > 0),
    settled_rows float8 NOT NULL CHECK (settled_rows >= 0)
  );
  -- By which an archive knows whose it is.
  INSERT INTO meta VALUES ('archive_of', trunc(random() * 9007199254740991));
  `,
  `
  -- Since when each number of a lease was held, ms: what waited on a collector's disk is of before or of after that.
  CREATE TABLE lease_turns (
    what text COLLATE "C" NOT NULL,
    epoch float8 NOT NULL,
    holder text NOT NULL,
    from_t float8 NOT NULL,
    PRIMARY KEY (what, epoch)
  );
  INSERT INTO lease_turns SELECT what, epoch, holder, trunc(extract(epoch FROM clock_timestamp()) * 1000) FROM leases;
  CREATE FUNCTION turn_begins() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO lease_turns VALUES (NEW.what, NEW.epoch, NEW.holder, trunc(extract(epoch FROM clock_timestamp()) * 1000)) ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER turn_begins AFTER INSERT OR UPDATE OF epoch ON leases FOR EACH ROW EXECUTE FUNCTION turn_begins();
  -- Said first in a batch that waited since before the number after its own was held. FOR UPDATE: batches of the lease's holder wait meanwhile.
  CREATE FUNCTION before_next_turn(held text, number float8, ago_ms float8, may_wait boolean) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM leases WHERE what = held FOR UPDATE;
    IF may_wait AND EXISTS (SELECT FROM leases WHERE what = held AND epoch = number) THEN
      RAISE EXCEPTION 'who takes the lease of % next is not known yet', held USING ERRCODE = 'PS002';
    END IF;
    IF NOT EXISTS (SELECT FROM lease_turns WHERE what = held AND epoch = number)
      OR EXISTS (SELECT FROM lease_turns WHERE what = held AND epoch > number AND from_t <= extract(epoch FROM clock_timestamp()) * 1000 - ago_ms) THEN
      RAISE EXCEPTION 'the lease of % was held by another then', held USING ERRCODE = 'PS001';
    END IF;
  END $$;
  `,
];
