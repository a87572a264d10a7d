import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { CERTIFICATE, CERTIFICATE_KEY } from '#test/support/certificate.ts';
import { networkPossible, openNetwork } from '#test/support/cut-network.ts';
import { hasPostgres, startPostgres } from '#test/support/postgres-server.ts';
import { tempDir } from '../history/support.ts';

const root = resolve(import.meta.dirname, '../../../..');

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Asks the demo's Binance every five seconds, in real time, and watches one instrument of it. */
function collect(
  within: readonly string[],
  store: string,
  dir: string,
  symbol: string,
): { readonly child: ChildProcess; readonly told: () => string } {
  mkdirSync(join(dir, 'demo'), { recursive: true });
  const settings = { venues: { binance: { enabled: true, url: null, pollSeconds: 5 } } };
  writeFileSync(join(dir, 'demo', 'settings.json'), JSON.stringify(settings));
  const what = ['--demo', '--demo-speed', '1', '--venue', 'binance', '--symbol', `binance:${symbol}`, '--json'];
  const [file = '', ...args] = [...within, process.execPath, 'src/cli/index.ts', 'collect', '--store', store, '--data-dir', dir, ...what];
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const ended = once(child, 'close');
  closers.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, told: () => text };
}

test.skipIf(!hasPostgres || !networkPossible)(
  'a collector whose network is cut without a word: another takes over, and what the first one brings afterwards is refused',
  async () => {
    const dir = tempDir();
    const network = openNetwork(dir);
    closers.push(() => network.close());
    const server = await startPostgres(
      (at) => [
        `listen_addresses=127.0.0.1,${network.host}`,
        'ssl=on',
        `ssl_cert_file=${at}/server.crt`,
        `ssl_key_file=${at}/server.key`,
        `hba_file=${at}/hba`,
      ],
      {
        'server.crt': CERTIFICATE,
        'server.key': CERTIFICATE_KEY,
        hba: 'host all all 127.0.0.1/32 trust\nhostssl all all 198.18.0.0/15 trust\n',
      },
    );
    closers.push(() => server.close());
    const here = server.newDatabase();
    const name = new URL(here).pathname.slice(1);
    const sql = (text: string): string => server.sql(name, `SET search_path = perpscope_demo; ${text}`).split('\n').at(-1) ?? '';
    const epoch = (): string => sql("SELECT epoch FROM leases WHERE what = 'binance'");
    const certificate = join(dir, 'ca.crt');
    writeFileSync(certificate, CERTIFICATE);
    const there = `postgres://owner@exchange.example:${server.port}/${name}?sslrootcert=${certificate}`;
    const count = (symbol: string, since = '0'): number =>
      Number(
        sql(
          `SELECT count(*) FROM snapshot_cold WHERE ts > ${since} AND instrument = (SELECT number FROM instruments WHERE id = 'binance:${symbol}')`,
        ),
      );

    const first = collect(network.within, there, join(dir, 'first'), 'BTCUSDT');
    await expect.poll(first.told, { interval: 200 }).toContain('"event":"polled"');
    const second = collect([], here, join(dir, 'second'), 'ETHUSDT');
    await expect.poll(second.told, { interval: 200 }).toContain('this collector stands by');
    await expect.poll(() => count('BTCUSDT'), { interval: 200 }).toBeGreaterThan(1);

    network.cut();
    const cutAt = performance.now();
    await expect.poll(epoch, { interval: 100 }).toBe('2');
    expect(performance.now() - cutAt).toBeLessThan(30_000);
    await expect.poll(() => count('ETHUSDT'), { interval: 200 }).toBeGreaterThan(1);
    // The first one goes on asking its venue, and cannot know.
    await wait(8_000);
    network.mend();
    await expect.poll(first.told, { interval: 200 }).toContain('this collector stands by');
    const others = count('ETHUSDT');
    await expect.poll(() => count('ETHUSDT'), { interval: 200 }).toBeGreaterThan(others);
    const turn = sql("SELECT from_t FROM lease_turns WHERE what = 'binance' AND epoch = 2");
    expect(count('BTCUSDT', turn)).toBe(0);
    expect(count('BTCUSDT')).toBeGreaterThan(1);
    expect(epoch()).toBe('2');
  },
);
