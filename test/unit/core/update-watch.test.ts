import { expect, test } from 'vitest';
import { createEvents } from '#core/events.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { Log } from '#core/ports/log.ts';
import type { Settings } from '#core/settings.ts';
import { watchUpdates } from '#core/update-watch.ts';

const silent: Log = { write: () => undefined };
const news = { version: '1.1.0', changes: ['Faster.'], link: 'https://example.org/1.1.0', newer: true, installable: false };

function watched({ isDemo = false, updates = false, fails = false } = {}) {
  const events = createEvents(silent);
  let settings: Settings = { ...defaultSettings([]), updates };
  const said = new Map<string, string | null>();
  let asked = 0;
  const watch = watchUpdates({
    updates: {
      look: () => ((asked += 1), fails ? Promise.reject(new Error('It is not signed. Nothing was changed.')) : Promise.resolve(news)),
      prepare: () => ((asked += 1), Promise.resolve('1.1.0')),
      install: () => Promise.resolve(false),
    },
    events,
    reporter: { state: (cause, text) => void said.set(cause, text) },
    settings: () => settings,
    log: silent,
    isDemo,
  });
  return {
    watch,
    said: (): string[] => [...said.values()].filter((text) => text !== null),
    asked: () => asked,
    async seconds(n: number) {
      for (let tick = 0; tick < n; tick += 1) events.emit('tick', null);
      await new Promise(setImmediate);
    },
    change(to: boolean) {
      const before = settings;
      settings = { ...settings, updates: to };
      events.emit('settings', { before, next: settings });
    },
  };
}

test('no newer version is looked for until the person has switched it on', async () => {
  const app = watched();
  await app.seconds(200_000);
  expect(app.asked()).toBe(0);
});

test('once it is on it is asked a minute after the start and once a day, and told while it is so', async () => {
  const app = watched({ updates: true });
  await app.seconds(59);
  expect(app.asked()).toBe(0);
  await app.seconds(1);
  expect(app.said()).toEqual(['Perpscope 1.1.0 is out: Faster. https://example.org/1.1.0 Nothing is installed by itself.']);
  await app.seconds(86_399);
  expect(app.asked()).toBe(1);
  await app.seconds(1);
  expect(app.asked()).toBe(2);
  app.change(false);
  expect(app.said()).toEqual([]);
});

test('a notice that is refused is one sentence', async () => {
  const app = watched({ updates: true, fails: true });
  await app.seconds(60);
  expect(app.said()).toEqual(['It is not signed. Nothing was changed.']);
});

test('the demo asks nothing, also where the person asks', async () => {
  const app = watched({ updates: true, isDemo: true });
  await app.seconds(200_000);
  await expect(app.watch.look()).rejects.toThrow(/looks for no newer version/u);
  await expect(app.watch.prepare()).rejects.toThrow(/fetches no newer version/u);
  expect(app.asked()).toBe(0);
});
