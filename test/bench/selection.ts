import { settings as settingsSchema } from '#bridge/settings.ts';
import { view, workspace, defaultWorkspace } from '#bridge/workspace.ts';
import { defaultSettings } from '#core/default-settings.ts';

/** What a change of selection costs in validation: what it is now, and what a check of all settings would cost. */
const items = Array.from({ length: 1000 }, (_, i) => `binance:SYMBOL${i}USDT`);
const lists = Array.from({ length: 10 }, (_, i) => ({ id: `l${i}`, name: `L${i}`, assets: [], seeded: [], items }));
const settings = { ...defaultSettings([]), lists };
const shown = { ...defaultWorkspace, selected: 'binance:SYMBOL1USDT' };
const msOf = (times: number, run: () => void): number => {
  run();
  const from = performance.now();
  for (let i = 0; i < times; i++) run();
  return (performance.now() - from) / times;
};
const now = msOf(1000, () => {
  workspace.parse(shown);
  view.parse({ selected: shown.selected, list: 'l1', columns: [] });
});
const all = msOf(20, () => settingsSchema.parse(settings));
console.log(
  `a change of selection is checked in ${now.toFixed(4)} ms; all settings of 10 lists of 1,000 in ${all.toFixed(2)} ms: ${(now / all).toFixed(4)} x reference`,
);
if (now > 1) process.exitCode = 1;
