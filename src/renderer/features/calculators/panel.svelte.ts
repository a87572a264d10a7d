import Calculator from '@lucide/svelte/icons/calculator';
import { untrack } from 'svelte';
import type { Command, Panel } from '../../panels/panel.ts';
import Calculators from './Calculators.svelte';
import { setSession } from './context.ts';
import { CALCULATORS, CalculatorSession, type Tab } from './session.svelte.ts';
import { fieldKeys } from './field-keys.ts';

const pages: readonly { readonly tab: Tab; readonly title: string; readonly keys?: string }[] = [
  { tab: 'size', title: 'Size: position size from risk', keys: 's' },
  { tab: 'profit', title: 'Profit: what a position makes, and what if', keys: 'r' },
  { tab: 'scale', title: 'Scale: several entries and take-profits' },
  { tab: 'change', title: 'Change: add to, reduce or flip a position' },
  { tab: 'liquidation', title: 'Liquidation: estimate the price', keys: 'l' },
  { tab: 'cross', title: 'Cross: several positions on one margin' },
  { tab: 'funding', title: 'Funding: what a hold costs or brings', keys: 'f' },
  { tab: 'carry', title: 'Carry: cash-and-carry, or one venue against another', keys: 'k' },
  { tab: 'saved', title: 'Scenarios and open positions', keys: 'j' },
];

export const calculators: Panel = {
  id: CALCULATORS,
  title: 'Calculators',
  says: 'size, profit, liquidation, funding, carry',
  ofNow: 'Prices, rates and books are of then. Saved scenarios and open positions are those of today.',
  icon: Calculator,
  component: Calculators,
  place: 'beside',
  linked: true,
  minSize: { width: 760, height: 320 },
  commands: (host) =>
    pages.map(({ tab, title, keys }): Command => ({ id: tab, title, ...(keys && { keys }), run: () => host.toggle(CALCULATORS, tab) })),
  keys: fieldKeys,
  provide({ app }) {
    const session = new CalculatorSession(app);
    setSession(session);
    $effect(() => untrack(() => session.start()));
  },
};
