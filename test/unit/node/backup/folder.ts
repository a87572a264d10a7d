import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqlitePerson } from '#node/person/sqlite-person.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { HOUR, instrument, openStore, poll, silent, snapshot, T0 } from '../history/support.ts';

export const BTC = instrument('BTC').id;

const person = (dir: string): SqlitePerson =>
  new SqlitePerson({
    file: join(dir, 'person.sqlite'),
    kind: 'live',
    log: silent,
    now: () => T0,
    old: { facts: [], history: join(dir, 'history.sqlite') },
  });

/** A whole data folder, closed. `n` tells it from another: it is in every file. */
export function writeFolder(n: number, dir?: string): string {
  const { store, file } = openStore(dir === undefined ? undefined : join(dir, 'history.sqlite'));
  for (let i = 1; i <= 5; i++) store.recordPoll(poll(T0 + i * 30_000, [snapshot('BTC', { rate: n / 1000 })]));
  const rows = Array.from({ length: 50 }, (_, i) => ({ stamp: T0 + i * HOUR, rate: n / 1000, intervalH: 1, mark: null, premium: null }));
  store.recordSettled(BTC, rows, T0, { from: T0 - 1, to: T0 + 49 * HOUR });
  store.close();
  const folder = dirname(file);
  const file2 = person(folder);
  file2.keep([{ kind: 'list', id: 'a', body: JSON.stringify({ n }) }]);
  file2.close();
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ n }));
  writeFileSync(join(folder, 'workspaces.json'), JSON.stringify({ n }));
  return folder;
}

/** The numbers of a folder's files: equal where they are of one state. */
export function stateOf(dir: string): (number | null)[] {
  const history = new ReadonlyHistory({ file: join(dir, 'history.sqlite'), kind: 'live', now: () => T0 });
  const settled = history.settled(BTC, 0, Infinity);
  const polls = history.snapshots(BTC, 0, Infinity);
  history.close();
  const file = person(dir);
  const list = file.facts(null).find((one) => one.kind === 'list' && one.id === 'a');
  file.close();
  const numberIn = (text: string | null | undefined): number | null =>
    text === null || text === undefined ? null : (JSON.parse(text) as { n: number }).n;
  return [
    settled.key.length === 50 ? Math.round((settled.rate[0] ?? NaN) * 1000) : null,
    Math.round((polls.rate[4] ?? NaN) * 1000),
    numberIn(list?.body),
    numberIn(readFileSync(join(dir, 'settings.json'), 'utf8')),
    numberIn(readFileSync(join(dir, 'workspaces.json'), 'utf8')),
  ];
}

export const all = (n: number): number[] => [n, n, n, n, n];
