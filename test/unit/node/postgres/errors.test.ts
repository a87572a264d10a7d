import { afterAll, describe, expect, test } from 'vitest';
import type { HistoryError } from '#node/history/errors.ts';
import { poll, snapshot, T0 } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

/** What the server says where it takes nothing; facts wait on disk while it is busy or full (buffered.ts). */
describe.skipIf(server === null)('a database that takes nothing', () => {
  const store = server === null ? null : openOn(targetOf(server.port, 'faults', { statementMs: 500 }), () => T0);
  afterAll(() => store?.close());
  let minute = 0;
  const record = (): void => void store?.recordPoll(poll(T0 + ++minute * 60_000, [snapshot('BTC')]));
  const kind = (): string => {
    try {
      record();
      return 'taken';
    } catch (error) {
      return (error as HistoryError).kind;
    }
  };
  const sql = (text: string): string => server?.sql('postgres', text) ?? '';

  test('it can only be read, as after a change to a standby: it is tried again', async () => {
    record();
    sql('ALTER SYSTEM SET default_transaction_read_only = on');
    sql('SELECT pg_reload_conf()');
    await expect.poll(kind).toBe('busy');
    sql('ALTER SYSTEM RESET default_transaction_read_only');
    sql('SELECT pg_reload_conf()');
    await expect.poll(kind).toBe('taken');
  });

  test('its disk is full; it takes too long; and afterwards it goes on', () => {
    // As the server's own code says that a file cannot be made longer, or as it would take for ever.
    const fault = (body: string): void =>
      void sql(
        `CREATE OR REPLACE FUNCTION faults.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$;
         CREATE OR REPLACE TRIGGER fault BEFORE INSERT ON faults.newest FOR EACH ROW EXECUTE FUNCTION faults.fault()`,
      );
    fault("RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'");
    expect(kind()).toBe('full');
    fault('PERFORM pg_sleep(60)');
    expect(kind()).toBe('busy');
    sql('DROP TRIGGER fault ON faults.newest');
    const before = Number(sql('SELECT count(*) FROM faults.snapshot_cold'));
    expect(kind()).toBe('taken');
    // Of what was refused nothing is left half.
    expect(Number(sql('SELECT count(*) FROM faults.snapshot_cold'))).toBe(before + 1);
  });
});
