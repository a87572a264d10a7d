import type { Watchlist } from '#bridge/settings.ts';
import { ccxtSymbol, tradingViewSymbol } from '#domain/copied-symbols.ts';
import { restored, withAll, withoutAll } from '#domain/sections.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

/** What is done with many rows at once. What takes something out of a list can be undone. */

const count = (n: number): string => (n === 1 ? '1 instrument' : `${n} instruments`);
const namesOf = (app: AppState, ids: readonly string[]): string => (ids.length === 1 ? app.nameOf(ids[0] ?? '') : count(ids.length));
const listNow = (app: AppState, id: string): Watchlist | undefined => app.settings?.lists.find((one) => one.id === id);

export async function removeAll(app: AppState, list: Watchlist, ids: readonly string[]): Promise<boolean> {
  const names = namesOf(app, ids);
  if (!(await app.arrange([{ list: list.id, groups: withoutAll(list, new Set(ids)) }]))) return false;
  const undo = (): void => {
    const now = listNow(app, list.id);
    if (now) void app.arrange([{ list: list.id, groups: restored(list, now) }]);
  };
  app.toasts.show('notice', `${names} removed from ${list.name}`, '', { label: 'Undo', run: undo });
  return true;
}

/** `from`: where they are taken out; null: they stay where they are. */
export async function putInto(app: AppState, ids: readonly string[], to: Watchlist, from: Watchlist | null): Promise<boolean> {
  const names = namesOf(app, ids);
  const fresh = ids.filter((id) => !to.items.includes(id));
  const into = { list: to.id, groups: withAll(to, ids) };
  if (!(await app.arrange(from === null ? [into] : [into, { list: from.id, groups: withoutAll(from, new Set(ids)) }]))) return false;
  const undo = (): void => {
    const [toNow, fromNow] = [listNow(app, to.id), from === null ? undefined : listNow(app, from.id)];
    const back = toNow ? [{ list: to.id, groups: withoutAll(toNow, new Set(fresh)) }] : [];
    if (from && fromNow) back.push({ list: from.id, groups: restored(from, fromNow) });
    if (back.length > 0) void app.arrange(back);
  };
  const words =
    from === null ? `${fresh.length === ids.length ? names : count(fresh.length)} added to ${to.name}` : `${names} moved to ${to.name}`;
  app.toasts.show('notice', words, fresh.length === ids.length ? '' : `${count(ids.length - fresh.length)} stood there already`, {
    label: 'Undo',
    run: undo,
  });
  return true;
}

export type SymbolsOf = 'venue' | 'tradingview' | 'ccxt';
const FORMATS: Readonly<Record<SymbolsOf, string>> = { venue: 'venue', tradingview: 'TradingView', ccxt: 'ccxt' };

/** Symbols for the clipboard, between commas as TradingView takes them, else a line each. Those without one are counted. */
export function symbolsOf(
  app: Pick<AppState, 'rowOf' | 'venues'>,
  ids: readonly string[],
  as: SymbolsOf,
): { readonly text: string; readonly without: number } {
  const symbols = ids.flatMap((id) => {
    const instrument = app.rowOf(id)?.instrument;
    if (as === 'venue' || !instrument) return as === 'venue' ? id.slice(id.indexOf(':') + 1) : [];
    const exchange = app.venues.get(instrument.venue)?.tradingView ?? null;
    return (as === 'ccxt' ? ccxtSymbol(instrument) : tradingViewSymbol(instrument, exchange)) ?? [];
  });
  return { text: symbols.join(as === 'tradingview' ? ',' : '\n'), without: ids.length - symbols.length };
}

export async function copySymbols(
  app: AppState,
  ids: readonly string[],
  as: SymbolsOf,
  clipboard: Pick<Clipboard, 'writeText'>,
): Promise<void> {
  const { text, without } = symbolsOf(app, ids, as);
  if (text !== '' && (await app.attempt(() => clipboard.writeText(text))) !== null) {
    app.toasts.show('fault', 'The clipboard refused', 'The page may not write to it now. Click into the page and try again.');
    return;
  }
  const left = without === 0 ? '' : `${count(without)} left out: there is no such symbol for them`;
  app.toasts.show('notice', `${ids.length - without} ${FORMATS[as]} ${ids.length - without === 1 ? 'symbol' : 'symbols'} copied`, left);
}
