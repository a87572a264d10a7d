import type { Problem } from '#domain/decisions/reader.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { age, formatTime, zoneName } from '../../format/time.ts';
import { type Basis, namesOf } from './basis.ts';
import type { CalculatorDesk } from './desk.svelte.ts';
import type { FieldSpec, LiveMap, Typed } from './fields.ts';
import { missingOf } from './missing.ts';
import { type Sheet, sheetOf } from './sheet.ts';

/** The fields of a calculator of one instrument. */
export function singleSheet(desk: CalculatorDesk, basis: Basis, live: LiveMap, now: number): Sheet {
  const { instrument } = basis.row;
  const { base, quote } = namesOf(basis.row);
  return sheetOf({
    desk,
    scope: instrument.id,
    live,
    now,
    units: { base: instrument.contract === 'linear' ? base : quote, quote, money: instrument.contract === 'linear' ? quote : base },
    venueOf: () => ({ id: instrument.venue, market: 'perp' }),
    missing: (key) => missingOf(basis.facts, desk.feed.errors.get(instrument.id) ?? null, key),
  });
}

export const titleOf = (what: string, { row, venue }: Basis, app: AppState): { title: string; time: string } => ({
  title: `${what}: ${row.instrument.asset} ${venue} ${row.instrument.symbol}`,
  time: stamp(app.readTimeAt(row.instrument.id), app),
});

export const stamp = (at: number, app: AppState): string => `${formatTime(at, 'full', app.zone)} ${zoneName(app.zone, at)}`;

/** As everywhere on the screen: a value as old as this is dead (domain 7). */
const DEAD_MS = 300_000;

/** A warning that belongs to no field: quotes that stand in the fields are dead. */
export function deadQuote(fields: readonly FieldSpec[], live: LiveMap, typed: Typed, now: number): Problem[] {
  const dead = fields.flatMap(({ key }) => {
    const { freshMs, at = null } = live[key] ?? {};
    return freshMs !== undefined && at !== null && typed[key] === undefined && now - at > DEAD_MS ? [now - at] : [];
  });
  if (dead.length === 0) return [];
  return [
    {
      field: '',
      wrong: `The venue has not answered for ${age(Math.max(...dead))}.`,
      right: 'Type the prices that you see, or wait for it.',
    },
  ];
}

/** Puts the cursor into a field of the open calculator. */
export function focusField(key: string): void {
  const input = document.querySelector<HTMLInputElement>(`[data-field="${key}"] .box input`);
  input?.focus();
  input?.select();
}
