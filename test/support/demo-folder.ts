import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'devalue';
import type { Envelope, VenueHealth } from '#bridge/contract.ts';
import { PAGE_KEY_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { VenueId } from '#domain/instrument.ts';
import { createVenues } from '#node/venues/index.ts';

const HOST = resolve(import.meta.dirname, '../../out/main/web.js');

/** What is switched on in the folder: each more costs its part of every start, of every poll and of the fetching. */
export const FOLDER_VENUES: readonly VenueId[] = ['binance', 'bybit', 'hyperliquid'];

/** Fast enough that no limit of a venue holds it up for long, and slow enough that the market itself costs little beside the fetching. */
const SPEED = 20;

/** In a folder that no app has begun yet, for its demo market and the live one beside it. */
export function chooseVenues(folder: string, on: readonly VenueId[]): void {
  const venues = Object.entries(defaultSettings(createVenues()).venues);
  const chosen = Object.fromEntries(venues.map(([id, venue]) => [id, { ...venue, enabled: on.includes(id) }]));
  mkdirSync(join(folder, 'demo'));
  for (const part of ['demo', '.'])
    writeFileSync(join(folder, part, 'settings.json'), JSON.stringify({ venues: chosen, introduced: true }));
}

/**
 * Runs the built app on the folder, on the demo market, until it has the whole history of its lists, and ends
 * it politely: what a person has who was there before and switched some venues off. No page was open yet, so the first one is
 * still that of a first start.
 */
export async function makeDemoFolder(folder: string): Promise<void> {
  chooseVenues(folder, FOLDER_VENUES);
  const args = [HOST, '--data-dir', folder, '--demo', '--demo-speed', String(SPEED)];
  const app = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(app, 'exit') as Promise<[number | null]>;
  const tooSoon = exited.then(([code]) => Promise.reject(new Error(`The app ended before it had its history: ${String(code)}`)));
  const whole = (async () => {
    const [address] = (await once(createInterface({ input: app.stdout }), 'line')) as [string];
    const health = await healthOf(address);
    while (!(await health()).every(isWhole)) await sleep(1_000);
  })();
  await Promise.race([whole, tooSoon]);
  // From here on its end is what is wanted.
  tooSoon.catch(() => undefined);
  app.kill('SIGTERM');
  const [code] = await exited;
  if (code !== 0) throw new Error(`The app that made the demo folder ended with ${String(code)}`);
}

const isWhole = ({ state, okAt, backfilling }: VenueHealth): boolean => state === 'off' || (okAt !== null && backfilling === 0);

/** Asks as the page does that the address lets in. */
async function healthOf(address: string): Promise<() => Promise<VenueHealth[]>> {
  const entrance = await fetch(address);
  const key = /data-key="([^"]+)"/u.exec(await entrance.text())?.[1];
  const cookie = entrance.headers.get('set-cookie')?.split(';')[0];
  if (key === undefined || cookie === undefined) throw new Error(`The app let no one in: ${entrance.status}`);
  return async () => {
    const answer = await fetch(new URL('/bridge/call', address), {
      method: 'POST',
      headers: { cookie, 'content-type': WIRE_TYPE, [PAGE_KEY_HEADER]: key },
      body: stringify({ name: 'venues.health', input: {} }),
    });
    const envelope = parse(await answer.text()) as Envelope<VenueHealth[]>;
    if (!envelope.ok) throw new Error(envelope.error.message);
    return envelope.value;
  };
}
