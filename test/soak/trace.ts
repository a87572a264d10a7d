import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'devalue';
import { chromium, type Page } from 'playwright-core';
import type { CallInput, CallName, CallOutput, Envelope } from '#bridge/contract.ts';
import { PAGE_KEY_HEADER, WINDOW_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import { tell } from '#test/support/bench.ts';
import { endHost, type Host, keepList, startHost } from '#test/support/built-host.ts';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { startLargeMarket } from '#test/support/large-market.ts';
import { tasksIn, traced } from '#test/support/page-trace.ts';
import { isShort } from '#test/support/short.ts';

/**
 * The screen with every venue on and a thousand watched instruments, at the pace of the real ones: tasks of the page's main thread, by a
 * trace of Chromium. What counts is the thread's own time of a task: on a machine that does other work too, time on the wall is that of others.
 */
const WATCHED = isShort ? 50 : 1_000;
const TRACED_MS = isShort ? 5_000 : 120_000;
/** Histories come after the start; then nothing does but polls, closes and settlements. */
const SETTLED_MS = isShort ? 20_000 : 120_000;
const POLL_SECONDS = 10;

/** Calls as the page makes them, with its cookie and its key. */
async function call<N extends CallName>(page: Page, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const text = await page.evaluate(
    async ([type, window, key, body]) => {
      const headers = { 'content-type': type, [window]: 'trace', [key]: localStorage.getItem('perpscope-key') ?? '' };
      return (await fetch('/bridge/call', { method: 'POST', headers, body })).text();
    },
    [WIRE_TYPE, WINDOW_HEADER, PAGE_KEY_HEADER, stringify({ name, input })] as const,
  );
  const envelope = parse(text) as Envelope<CallOutput<N>>;
  if (!envelope.ok) throw new Error(`${name}: ${envelope.error.message}`);
  return envelope.value;
}

/** A folder of a person who has every venue on and a list of a thousand. Returns how many it holds. */
function furnish(dataDir: string, { venues, instruments }: Awaited<ReturnType<typeof startLargeMarket>>): number {
  const items = instruments.slice(0, WATCHED);
  keepList(dataDir, items);
  const on = { enabled: true, url: null, pollSeconds: POLL_SECONDS };
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ venues: Object.fromEntries(venues.map((id) => [id, on])) }));
  return items.length;
}

/** Looks once a second. */
async function until(what: string, done: () => Promise<boolean>, withinMs = SETTLED_MS): Promise<void> {
  const from = performance.now();
  while (!(await done())) {
    if (performance.now() - from > withinMs) {
      console.log(`not yet after ${Math.round(withinMs / 1000)} s: ${what}`);
      return;
    }
    await sleep(1000);
  }
}

const market = await startLargeMarket();
const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-trace-'));
const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumArgs] });
let host: Host | null = null;
try {
  const watched = furnish(dataDir, market);
  host = await startHost(dataDir, market.env);
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(host.url);
  await until(
    'nine in ten rows have a rate',
    async () => (await call(page, 'watchlist.rows', {})).filter(({ rate }) => rate !== null).length > 0.9 * watched,
  );
  await until('all histories are there', async () => (await call(page, 'venues.health', {})).every(({ backfilling }) => backfilling === 0));
  await sleep(SETTLED_MS / 30);

  const tasks = tasksIn(await traced(browser, page, () => sleep(TRACED_MS)));
  const over = (ms: number): number => tasks.filter(({ own }) => own > ms).length;
  const share = tasks.length === 0 ? NaN : 1 - over(16) / tasks.length;
  tell(
    `${market.venues.length} venues on, ${watched} instruments watched, polled every ${POLL_SECONDS} s, traced`,
    `${TRACED_MS / 1000} s`,
  );
  tell('tasks of the page, of them under 16 ms (goal 99.9 %)', `${tasks.length}, ${(share * 100).toFixed(3)} %`);
  tell(
    'over 16 ms, over 50 ms (goal 0), the longest',
    `${over(16)}, ${over(50)}, ${Math.max(0, ...tasks.map(({ own }) => own)).toFixed(1)} ms`,
  );
  tell(
    'on the wall, other programs of the machine among them: over 16, over 50',
    `${tasks.filter(({ wall }) => wall > 16).length}, ${tasks.filter(({ wall }) => wall > 50).length}`,
  );
  tell('busy', `${((tasks.reduce((sum, { own }) => sum + own, 0) / TRACED_MS) * 100).toFixed(1)} % of a core`);
  for (const { own, wall, what } of tasks.toSorted((a, b) => b.own - a.own).slice(0, 8))
    console.log(`  ${own.toFixed(1)} ms (wall ${wall.toFixed(1)}): ${what || 'nothing long inside'}`);
} finally {
  await browser.close();
  if (host !== null) await endHost(host);
  await market.close();
  await rm(dataDir, { recursive: true, force: true });
}
