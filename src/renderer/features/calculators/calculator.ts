import type { CalculatorFacts } from '#bridge/facts.ts';
import type { WatchRow } from '#bridge/contract.ts';
import { pairOf } from '#domain/instrument.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { formatTime, zoneName } from '../../format/time.ts';
import { type Basis, namesOf } from './basis.ts';
import { bookFreshMs, withoutDeadBook } from './book-age.ts';
import type { CalculatorSession } from './session.svelte.ts';
import type { LiveMap } from './fields.ts';
import { missingOf } from './missing.ts';
import { type CalculatorForm, formOf } from './form.ts';

export interface CalculatorProps {
  session: CalculatorSession;
  row: WatchRow;
  constants: CalculatorSettings;
  /** At the venue, and in whole minutes. */
  now: number;
  opensAt: number;
}

/** The same object until the next answer, so that nothing is worked out anew as time goes by. */
export const factsOf = (session: CalculatorSession, id: string, now: number): CalculatorFacts | null =>
  withoutDeadBook(session.feed.facts.get(id) ?? null, now, session.app.clock.speed);

export const basisOf = ({ session, row, constants, opensAt }: Omit<CalculatorProps, 'now'>, facts: CalculatorFacts | null): Basis => ({
  row,
  facts,
  constants,
  venue: session.app.venueName(row.instrument.venue),
  fees: session.app.feesOf(row.instrument.venue),
  now: opensAt,
  freshMs: session.freshMs(row.instrument.venue),
  bookFreshMs: bookFreshMs(session.app.clock.speed),
});

/** The fields of a calculator of one instrument. */
export function singleForm(session: CalculatorSession, basis: Basis, live: LiveMap, now: number): CalculatorForm {
  const { instrument } = basis.row;
  const { base, quote } = namesOf(basis.row);
  const money = instrument.contract === 'linear' ? quote : base;
  const equity = session.typedOf(instrument.id)['equityIn'] === 'settle' ? money : quote;
  return formOf({
    session,
    scope: instrument.id,
    live,
    now,
    units: { base: instrument.contract === 'linear' ? base : quote, quote, money, equity },
    venueOf: () => ({ id: instrument.venue, fees: basis.fees, kind: 'perp' }),
    missing: (key) => missingOf(basis.facts, session.feed.errors.get(instrument.id) ?? null, key),
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
