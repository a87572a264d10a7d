/** A process to be killed: changes one setting after the other and prints each value once it is on disk. */
import Conf from 'conf';
import { defaultSettings } from '#core/default-settings.ts';
import { openSettings } from '#node/settings.ts';

const settings = openSettings({
  dataDir: process.argv[2] ?? '',
  createStore: Conf,
  defaults: defaultSettings([{ id: 'binance', onByDefault: true }]),
  log: { write: () => undefined },
});
for (let n = (settings.current.limits.ageDays ?? 35) + 1; ; n++) {
  settings.update((current) => ({ ...current, limits: { ...current.limits, ageDays: n } }));
  await settings.flush();
  process.stdout.write(`${n}\n`);
}
