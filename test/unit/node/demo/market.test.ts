import { demoUrl } from '#test/support/demo-url.ts';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { createClock } from '#node/clock.ts';
import { startDemoMarket, type DemoMarket } from '#node/demo/market.ts';
import { startMarketBeside } from '#node/demo/start-market.ts';
import { Story } from '#node/demo/story.ts';
import { createVenues } from '#node/venues/index.ts';
import { HOUR, NOW, sure } from './support.ts';

const SEED = 1;
const log: Log = { write: () => undefined };
const open: DemoMarket[] = [];

/** A market on a clock that the test sets. */
async function start(at: number): Promise<{ market: DemoMarket; setTime: (t: number) => void }> {
  let now = at;
  const clock: Clock = { now: () => now, monotonic: () => now, speed: 60, after: () => () => undefined };
  const market = await startDemoMarket({ clock, seed: SEED, log });
  open.push(market);
  return { market, setTime: (t) => (now = t) };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((market) => market.close()));
});

/** The first outage that begins after `t`. */
function outageAfter(t: number): { from: number; to: number; middleOf: (phase: string) => number } {
  const story = new Story(SEED);
  let now = t;
  while ((story.outage(now)?.from ?? 0) <= t) now += 60_000;
  const { from, to } = sure(story.outage(now));
  const middleOf = (phase: string): number => {
    const inPhase: number[] = [];
    for (let at = from; at < to; at += 60_000) if (story.outage(at)?.phase === phase) inPhase.push(at);
    return sure(inPhase[inPhase.length >> 1]);
  };
  return { from, to, middleOf };
}

const statusWithHost = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}/fapi/v1/time`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the demo market', () => {
  it('listens on loopback, on a port of its own for each venue, at the time of its clock', async () => {
    const { market, setTime } = await start(NOW);
    for (const url of Object.values(market.urls)) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(new Set(Object.values(market.urls)).size).toBe(createVenues().length);
    setTime(NOW + HOUR);
    const response = await fetch(`${demoUrl(market, 'binance')}/fapi/v1/time`);
    expect(await response.json()).toEqual({ serverTime: NOW + HOUR });
    expect(Date.parse(response.headers.get('date') ?? '')).toBe(NOW + HOUR);
  });

  it('answers Hyperliquid over POST and says no to a body that is none', async () => {
    const { market } = await start(NOW);
    const post = (body: string) => fetch(`${demoUrl(market, 'hyperliquid')}/info`, { method: 'POST', body });
    expect((await post('{"type":"meta"}')).status).toBe(200);
    expect((await post('{"type":')).status).toBe(400);
    expect((await post(`"${'x'.repeat(70_000)}"`)).status).toBe(413);
    expect((await fetch(`${demoUrl(market, 'hyperliquid')}/info`)).status).toBe(405);
  });

  it('answers loopback names only and gives no page of another origin leave to read', async () => {
    const { market } = await start(NOW);
    const url = demoUrl(market, 'binance');
    expect(await statusWithHost(url, 'rebound.example')).toBe(421);
    expect(await statusWithHost(url, 'localhost:8080')).toBe(200);
    expect(await statusWithHost(url, '[::1]')).toBe(200);
    const response = await fetch(`${url}/fapi/v1/time`, { headers: { origin: 'https://page.example' } });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('closes at once, kept-alive sockets too, and twice', async () => {
    const { market } = await start(NOW);
    const socket = connect(Number(new URL(demoUrl(market, 'bybit')).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await market.close();
    await closed;
    await market.close();
    await expect(fetch(`${demoUrl(market, 'bybit')}/v5/market/time`)).rejects.toThrow();
  });
});

describe('the outage of Bybit', () => {
  it('is a page with status 503, then a broken connection, then silence, and ends', async () => {
    const { market, setTime } = await start(NOW);
    const outage = outageAfter(NOW + 3 * HOUR);
    const time = () => fetch(`${demoUrl(market, 'bybit')}/v5/market/time`);
    setTime(outage.from - 60_000);
    expect((await time()).status).toBe(200);
    setTime(outage.middleOf('page'));
    const page = await time();
    expect(page.status).toBe(503);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<html>');
    expect((await fetch(`${demoUrl(market, 'binance')}/fapi/v1/time`)).status).toBe(200);
    setTime(outage.middleOf('reset'));
    await expect(time()).rejects.toThrow();
    setTime(outage.to);
    expect((await time()).status).toBe(200);
    setTime(outage.middleOf('silent'));
    const unanswered = time();
    const refused = expect(unanswered).rejects.toThrow();
    // The other venue's answer comes while this one stays silent; closing ends the wait.
    expect((await fetch(`${demoUrl(market, 'binance')}/fapi/v1/time`)).status).toBe(200);
    await market.close();
    await refused;
  });

  it('leaves the first three real minutes alone', async () => {
    const outage = outageAfter(NOW);
    const { market, setTime } = await start(outage.from - 2 * HOUR);
    setTime(outage.middleOf('page'));
    expect((await fetch(`${demoUrl(market, 'bybit')}/v5/market/time`)).status).toBe(200);
    const later = await start(outage.from - 3 * HOUR);
    later.setTime(outage.middleOf('page'));
    expect((await fetch(`${demoUrl(later.market, 'bybit')}/v5/market/time`)).status).toBe(503);
  });
});

describe('the market in a thread of its own', () => {
  it('tells the time of the clock that it was given, and is gone once it is closed', async () => {
    const clock = createClock({ speed: 3600, startAt: NOW });
    const market = await startMarketBeside({ clock, seed: SEED, log });
    const url = demoUrl(market, 'binance');
    const before = clock.now();
    const { serverTime } = (await (await fetch(`${url}/fapi/v1/time`)).json()) as { serverTime: number };
    // Both floor to a millisecond, at moments of their own.
    expect(serverTime).toBeGreaterThanOrEqual(before - 3600);
    expect(serverTime).toBeLessThanOrEqual(clock.now() + 3600);
    await market.close();
    await expect(fetch(`${url}/fapi/v1/time`)).rejects.toThrow('fetch failed');
  });

  it('says in the log that it began', async () => {
    const written: unknown[] = [];
    const clock = createClock({ speed: 60, startAt: NOW });
    const market = await startMarketBeside({ clock, seed: SEED, log: { write: (...entry) => written.push(entry) } });
    open.push(market);
    expect(written).toEqual([['info', 'demo', 'demo market started', { seed: SEED, speed: 60 }]]);
  });
});
