import type { AppInfo, VenueHealth } from '#bridge/contract.ts';
import type { Machine } from './ports/machine.ts';
import type { Settings } from './settings.ts';

export interface DiagnosticsOptions {
  readonly machine: Machine;
  readonly info: () => AppInfo;
  readonly settings: () => Settings;
  readonly health: () => readonly VenueHealth[];
  readonly notices: () => readonly string[];
}

const iso = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** Settings as far as a fault may rest on them: of lists, rules and calculators, which are the person's own business, how many there are. */
function settingsFor({ lists, alerts, ownThresholds, calculators: _own, otherBlocks, webhook, ...rest }: Settings): unknown {
  const counts = {
    lists: lists.length,
    listed: lists.reduce((sum, { items }) => sum + items.length, 0),
    alerts: alerts.length,
    ownThresholds: Object.keys(ownThresholds).length,
    otherBlocks: Object.keys(otherBlocks).length,
  };
  // Its address may hold a key.
  return { ...rest, webhook: webhook === null ? null : 'set', counts };
}

/** "Copy diagnostics": one text that a person may send with a report. Nothing is sent by the program. */
export async function readDiagnostics({ machine, info, settings, health, notices }: DiagnosticsOptions): Promise<string> {
  const { version, shell, platform, demo, now, dataDir } = info();
  // What cannot be read is told in its place: a report about a broken log is one too.
  const log = await machine.logTail().catch((error: unknown) => `The log cannot be read: ${String(error)}`);
  const said = notices();
  const text = [
    `Perpscope ${version} (${shell}, ${platform}${demo === null ? '' : ', demo'}) at ${iso(now)}`,
    Object.entries(machine.versions)
      .map(([name, of]) => `${name} ${of}`)
      .join(', '),
    `Memory: ${megabytes(machine.memory())} of ${megabytes(machine.memoryLimit)}`,
    `Data: ${dataDir}`,
    '\n## Venues',
    ...health()
      .filter(({ state }) => state !== 'off')
      .map(({ id, state, okAt, error }) => `${id}: ${state}, last answer ${iso(okAt)}${error === null ? '' : ` (${error})`}`),
    '\n## Notices',
    ...(said.length === 0 ? ['none'] : said),
    '\n## Settings',
    JSON.stringify(settingsFor(settings()), null, 1),
    '\n## Log',
    log,
  ].join('\n');
  return machine.withoutPlaces(text);
}
