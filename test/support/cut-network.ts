import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** Another network on this machine, with one wire to it: root may make one. */
export const networkPossible =
  process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['--net', '--mount', 'ip', 'link']).status === 0;
if (!networkPossible) console.warn('SKIPPED: no network namespaces here: that a network is cut without a word is not tested.');

export interface CutNetwork {
  /** This side's address, as `exchange.example` is known on the other. */
  readonly host: string;
  /** What a program is started with on the other side. */
  readonly within: readonly string[];
  /** No word goes over the wire, and neither end hears of it. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** `dir`: a folder of the test's own. */
export function openNetwork(dir: string): CutNetwork {
  const name = `ps${process.pid}`;
  // Of 198.18.0.0/15, which is for tests of networks and is routed nowhere.
  const block = `198.18.${process.pid % 256}`;
  const [host, other] = [`${block}.1`, `${block}.2`];
  const wire = `${name}a`;
  ip('netns', 'add', name);
  ip('link', 'add', wire, 'type', 'veth', 'peer', 'name', `${name}b`, 'netns', name);
  ip('address', 'add', `${host}/30`, 'dev', wire);
  ip('link', 'set', wire, 'up');
  ip('-n', name, 'address', 'add', `${other}/30`, 'dev', `${name}b`);
  ip('-n', name, 'link', 'set', `${name}b`, 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  const hosts = join(dir, 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost\n${host} exchange.example\n`);
  return {
    host,
    within: [
      'nsenter',
      `--net=/run/netns/${name}`,
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mount --bind "${hosts}" /etc/hosts && exec "$@"`,
      'sh',
    ],
    cut: () => ip('link', 'set', wire, 'down'),
    mend: () => ip('link', 'set', wire, 'up'),
    close() {
      ip('link', 'delete', wire);
      ip('netns', 'delete', name);
    },
  };
}
