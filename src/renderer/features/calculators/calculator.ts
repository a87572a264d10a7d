import type { CalculatorFacts } from '#bridge/facts.ts';
import type { WatchRow } from '#bridge/contract.ts';
import { pairOf } from '#domain/instrument.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { formatTime, zoneName } from '../../format/time.ts';
import { type Basis, namesOf } from './basis.ts';
import { bookFreshMs, withoutDeadBook } from './book-age.ts';
import type { CalculatorDesk } from './desk.svelte.ts';
import type { LiveMap } from './fields.ts';
import { missingOf } from './missing.ts';
import { type Sheet, sheetOf } from './sheet.ts';

export interface CalculatorProps {
  desk: CalculatorDesk;
  row: WatchRow;
  own: CalculatorSettings;
  /** At the venue, and in whole minutes. */
  now: number;
  opensAt: number;
}

/** The same object until the next answer, so that nothing is worked out anew as time goes by. */
export const factsOf = (desk: CalculatorDesk, id: string, now: number): CalculatorFacts | null =>
  withoutDeadBook(desk.feed.facts.get(id) ?? null, now, desk.app.clock.speed);

export const basisOf = ({ desk, row, own, opensAt }: Omit<CalculatorProps, 'now'>, facts: CalculatorFacts | null): Basis => ({
  row,
  facts,
  own,
  venue: desk.app.venueName(row.instrument.venue),
  fees: desk.app.feesOf(row.instrument.venue),
  now: opensAt,
  freshMs: desk.freshMs(row.instrument.venue),
  bookFreshMs: bookFreshMs(desk.app.clock.speed),
});

/** The fields of a calculator of one instrument. */
export function singleSheet(desk: CalculatorDesk, basis: Basis, live: LiveMap, now: number): Sheet {
  const { instrument } = basis.row;
  const { base, quote } = namesOf(basis.row);
  const money = instrument.contract === 'linear' ? quote : base;
  const equity = desk.typedOf(instrument.id)['equityIn'] === 'settle' ? money : quote;
  return sheetOf({
    desk,
    scope: instrument.id,
    live,
    now,
    units: { base: instrument.contract === 'linear' ? base : quote, quote, money, equity },
    venueOf: () => ({ id: instrument.venue, fees: basis.fees, market: 'perp' }),
    missing: (key) => missingOf(basis.facts, desk.feed.errors.get(instrument.id) ?? null, key),
  });
}

export const titleOf = (what: string, { row, venue }: Basis, app: AppState): { title: string; time: string } => ({
  title: `${what}: ${pairOf(row.instrument)} ${venue} ${row.instrument.symbol}`,
  time: stamp(app.readTimeAt(row.instrument.id), app),
});

export const stamp = (at: number, app: AppState): string => `${formatTime(at, 'full', app.zone)} ${zoneName(app.zone, at)}`;

/** Puts the cursor into a field of the calculator that stands in `root`. */
export function focusField(root: HTMLElement, key: string): void {
  const input = root.querySelector<HTMLInputElement>(`[data-field="${key}"] .box input`);
  input?.focus();
  input?.select();
}
