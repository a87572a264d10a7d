import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { createEvents } from '#core/events.ts';
import type { Log } from '#core/ports/log.ts';
import { createReporter } from '#core/reporter.ts';
import type { Entry } from '#core/teller.ts';
import { createTelling, type Telling } from '#core/telling.ts';
import { newCanceller } from '#node/canceller.ts';
import { openTellerPerson } from '#node/person/teller-person.ts';
import { openTellingRole, type OpenedTellingRole } from '#node/telling-role.ts';
import { openWebhookSecret } from '#node/webhook-secret.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { T0, tempDir } from '../node/history/support.ts';
import { openFile } from '../node/person/support.ts';

const MINUTE = 60_000;
const ID = 'alpha:BTCUSDT';
const quiet: Log = { write: () => undefined };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Process {
  readonly telling: Telling;
  readonly role: OpenedTellingRole;
  readonly told: string[];
  readonly notices: () => string[];
  rereads: number;
  /** What it finds at a close, as every process on the folder does. */
  find(name: string, at: number): Promise<boolean>;
  start(): Promise<void>;
  /** It looks once at what others did. */
  tick(): Promise<void>;
}

/** So long passes in both as it does in a process that runs: a clock that jumps is a machine that slept. */
async function pass(ms: number, clock: FakeClock, ...all: readonly Process[]): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    await clock.advance(Math.min(left, 20_000));
    for (const one of all) await one.tick();
  }
}

/** Two processes over one person's file and one lock, on one clock. */
function processOn(dir: string, clock: FakeClock, shell: 'collector' | 'browser'): Process {
  const file = join(dir, 'person.sqlite');
  const person = openTellerPerson({ file, kind: 'live', now: () => clock.now(), defaults: defaultSettings([]) });
  const events = createEvents(quiet);
  const reporter = createReporter({ store: { recordEvent: () => Promise.resolve() }, log: quiet, onChange: () => undefined });
  const role = openTellingRole(dir, { shell, version: '0.0.0' });
  const telling = createTelling({
    clock,
    http: { request: () => Promise.reject(new Error('not asked for')) },
    secret: openWebhookSecret({ file: join(dir, 'secret'), box: null, given: undefined, log: quiet, now: () => clock.now() }),
    person,
    settings: () => defaultSettings([]),
    reporter,
    log: quiet,
    events,
    newCanceller,
    role,
  });
  const told: string[] = [];
  events.on('entered', ({ title }) => told.push(title));
  closing.push(async () => {
    await telling.stop();
    role.release();
  });
  const one: Process = {
    telling,
    role,
    told,
    notices: () => reporter.notices(),
    rereads: 0,
    find: (name, at) =>
      telling.teller.tell((): Entry[] => {
        const record = { rule: name, instrument: ID, at, told: true, body: '{}' };
        return [
          {
            kind: 'alert',
            name: `${name} ${ID} ${at}`,
            text: { title: name, body: '', instrument: ID },
            isNews: true,
            at,
            keep: (owed) => person.recordAlert(record, { from: at, to: at + 10 * MINUTE }, owed),
          },
        ];
      }),
    start: () =>
      telling.start(() => {
        one.rereads++;
        return Promise.resolve();
      }),
    async tick() {
      events.emit('tick', null);
      // Of the person's file, one turn each.
      for (let i = 0; i < 20; i++) await clock.advance(0);
    },
  };
  return one;
}

async function both(): Promise<{ dir: string; clock: FakeClock; collector: Process; terminal: Process }> {
  const dir = tempDir();
  openFile(join(dir, 'person.sqlite'));
  const clock = new FakeClock(T0 + 60 * MINUTE);
  const collector = processOn(dir, clock, 'collector');
  await collector.start();
  const terminal = processOn(dir, clock, 'browser');
  await terminal.start();
  // What is found within minutes of a start was missed before it, and is told as one.
  await pass(5 * MINUTE, clock, collector, terminal);
  return { dir, clock, collector, terminal };
}

test('where a collector tells, the terminal beside it tells nothing, says who does, and knows of what is told', async () => {
  const { clock, collector, terminal } = await both();
  expect(terminal.notices()).toEqual([
    expect.stringMatching(/^A collector \(process \d+, since .* UTC\) tells what enters on this folder\./u),
  ]);
  expect(collector.notices()).toEqual([]);
  await terminal.tick();
  const before = terminal.rereads;
  expect([await collector.find('one', clock.now()), await terminal.find('one', clock.now())]).toEqual([true, false]);
  await terminal.tick();
  expect([collector.told, terminal.told]).toEqual([['one'], []]);
  expect(terminal.rereads).toBe(before + 1);
  await terminal.tick();
  expect(terminal.rereads).toBe(before + 1);
});

test('what both found before the collector was killed is told once, and what it had not come to is told by the terminal', async () => {
  const { clock, collector, terminal } = await both();
  const at = clock.now();
  await collector.find('told there', at);
  await terminal.find('told there', at);
  // Killed at the close: the terminal alone has found this one.
  await terminal.find('missed there', at);
  collector.role.release();
  await pass(MINUTE, clock, terminal);
  expect([collector.told, terminal.told]).toEqual([['told there'], ['missed there']]);
  expect(terminal.notices()).toEqual([]);
  await terminal.find('later', clock.now());
  expect(terminal.told).toEqual(['missed there', 'later']);
  // A collector that comes back waits for its turn.
  expect(collector.role.take()).toBe(false);
});

test('what the collector had kept and not told when it was killed is told by the terminal, if that was not long ago', async () => {
  for (const [waitMs, expected] of [
    [MINUTE, ['kept']],
    [61 * MINUTE, []],
  ] as const) {
    const { dir, clock, collector, terminal } = await both();
    const person = openTellerPerson({
      file: join(dir, 'person.sqlite'),
      kind: 'live',
      now: () => clock.now(),
      defaults: defaultSettings([]),
    });
    const at = clock.now();
    const text = { title: 'kept', body: '', instrument: ID };
    await person.recordAlert(
      { rule: 'kept', instrument: ID, at, told: true, body: '{}' },
      { from: at, to: at },
      { name: `alert kept ${ID} ${at}`, text },
    );
    await terminal.find('kept', at);
    await pass(waitMs, clock, collector, terminal);
    collector.role.release();
    await terminal.tick();
    expect(terminal.told).toEqual(expected);
  }
});

test('what was found more than an hour before the collector ended is not told any more', async () => {
  const { clock, collector, terminal } = await both();
  await terminal.find('old', clock.now());
  await pass(61 * MINUTE, clock, collector, terminal);
  await terminal.find('new', clock.now());
  collector.role.release();
  await terminal.tick();
  expect(terminal.told).toEqual(['new']);
});
