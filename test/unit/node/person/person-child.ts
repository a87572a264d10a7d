/** A process to be killed: takes over an old folder, then changes one threshold after the other and prints each once it is on disk. */
import { join } from 'node:path';
import { defaultSettings } from '#core/default-settings.ts';
import { openPerson } from '#node/person/open-person.ts';

const dir = process.argv[2] ?? '';
const person = await openPerson({
  file: join(dir, 'person.sqlite'),
  demo: false,
  log: { write: () => undefined },
  now: () => Date.now(),
  defaults: defaultSettings([{ id: 'binance', onByDefault: true }]),
  outgrown: { thresholds: { theta: 0.001, k: 3, n: 20 } },
  history: join(dir, 'history.sqlite'),
});
for (let n = person.current.thresholds.n + 1; ; n++) {
  person.update((current) => ({ ...current, thresholds: { ...current.thresholds, n } }));
  await person.flush();
  process.stdout.write(`${n}\n`);
}
