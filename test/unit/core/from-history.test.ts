import { expect, test } from 'vitest';
import { UserError } from '#bridge/errors.ts';
import { fromHistory } from '#core/from-history.ts';
import { HistoryError } from '#node/history/errors.ts';
import { asHistoryError } from '#node/postgres/errors.ts';
import { PostgresError } from '#node/postgres/blocking.ts';

const told = (error: Error): Promise<unknown> => fromHistory<unknown>(Promise.reject(error)).catch((refused: unknown) => refused);

test('a person reads the sentence of a store, not what its driver says', async () => {
  const gone = asHistoryError(new PostgresError('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.5:5432'), 'db.example:5432/desk');
  expect(await told(gone)).toEqual(new UserError('storage', 'The database db.example:5432/desk cannot be reached. It is tried again.'));
  expect(gone.message).toBe('ECONNREFUSED connect ECONNREFUSED 10.0.0.5:5432 (db.example:5432/desk)');
  expect(await told(new HistoryError('full', 'The disk is full.', 'SQLITE_FULL'))).toEqual(new UserError('storage', 'The disk is full.'));
});

test('what a handler said already stays, and an error without a sentence is said as it is', async () => {
  const said = new UserError('not-found', 'There is no such instrument.');
  expect(await told(said)).toBe(said);
  expect(await told(new Error('odd'))).toEqual(new UserError('storage', 'The history could not be read: odd'));
});
