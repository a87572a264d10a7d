import { afterEach, expect, test } from 'vitest';
import type { AlertSave } from '#bridge/alert.ts';
import type { StudyCondition, StudyQuestion, StudyRule } from '#bridge/evidence.ts';
import { USUAL_TELLING } from '#core/read/alerts/rule-terms.ts';
import { createTries } from '#core/read/evidence/tries.ts';
import { at } from '#test/support/at.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
const ETH = 'alpha:ETHUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** 0.08 % an hour more for three hours of every 20, from another hour of each instrument on. */
const waves = (first: number) => (t: number) => 0.0001 + ((Math.floor(t / HOUR) + first) % 20 < 3 ? 0.0008 : 0);
/** Polls and ticks are what takes time here, and rates change by the hour. */
const slow = { enabled: true, url: null, pollSeconds: 600 };

async function open(everyH = 1): Promise<string> {
  world = new World({ speed: 30, settings: (same) => ({ ...same, venues: { alpha: slow } }) });
  const market = world.market();
  market.oldestAt = START - 30 * MINUTE - 20 * DAY;
  market.list('BTCUSDT', { asset: 'BTC', rate: waves(0), intervalH: () => everyH });
  market.list('ETHUSDT', { asset: 'ETH', rate: waves(9), intervalH: () => everyH });
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const { id } = at((await world.call('watchlist.create', { name: 'Mine' })).lists, -1);
  for (const instrument of [BTC, ETH]) await world.call('watchlist.add', { list: id, instrument });
  await world.clock.advance(20 * MINUTE);
  return id;
}

const condition = (level: StudyCondition['level'] = 0.0005): StudyCondition => ({
  choice: { metric: 'ema-divergence', params: {} },
  op: 'outside',
  level,
  release: 0.8,
});
const rule = (on: StudyRule['on'], more: Partial<StudyRule> = {}): StudyRule => ({
  conditions: [condition()],
  k: 2,
  on,
  from: null,
  to: null,
  ...more,
});
const question = (on: StudyRule['on'], more: Partial<StudyQuestion> = {}): StudyQuestion => ({
  ...rule(on),
  search: [],
  events: 'entries',
  side: 'against',
  exit: { on: 'horizon', hours: 8 },
  delaysH: [0],
  costBp: 5,
  funding: 'next',
  size: 'fixed',
  capital: 10_000,
  exposure: 1,
  seed: 1,
  ...more,
});
const count = (asked: StudyRule) => world.call('evidence.count', { job: 'count', question: asked });
async function study(asked: StudyQuestion) {
  const found = await world.call('evidence.study', { job: 'study', question: asked });
  if (found === null) throw new Error('it was cancelled');
  return found;
}

test('a dry run counts what the alert then tells, over all of its list', async () => {
  const list = await open();
  const save: AlertSave = {
    id: null,
    name: 'Crowd',
    on: { list },
    conditions: [{ choice: condition().choice, op: 'outside', level: 0.0005 }],
    k: 2,
    enabled: true,
  };
  await world.call('alerts.save', save);
  await world.clock.advance(24 * HOUR);
  // Found over the stored past, and told since.
  // Signals of the threshold stand in the log too.
  const log = (await world.call('alerts.log', { limit: 1000 })).filter((entry) => entry.rule !== 'signal');
  expect(new Set(log.map(({ instrument }) => instrument))).toEqual(new Set([BTC, ETH]));
  const counted = await count(rule({ list }));
  expect(counted).toMatchObject({ instruments: 2, firedOn: 2, period: 'hour' });
  // The alert of now says of how many it is active or building.
  const standing = await world.call('alerts.states', {});
  const [newest] = counted?.conditions ?? [];
  expect(newest?.now).toBeNull();
  expect(counted?.holding).toBe(standing.filter(({ values: [d] }) => Math.abs(d ?? 0) >= 0.0005).length);
  const since = START - 30 * MINUTE;
  const told = log.filter((entry) => entry.at > since);
  const dry = await count(rule({ list }, { from: since }));
  expect(dry?.fired).toBe(told.length);
  expect(told.length).toBeGreaterThan(1);
  expect(dry?.last.map((one) => `${one.at} ${one.instrument}`)).toEqual(told.slice(0, 5).map((entry) => `${entry.at} ${entry.instrument}`));
  // The study has the same events.
  const { occurrences, report } = await study(question({ list }, { from: since }));
  expect(occurrences.fired).toBe(told.length);
  expect('events' in report && report.events.length + report.open.events.length + report.incomplete + report.overlapping).toBe(told.length);
});

test('a rule that tells only near settlements is counted when it tells', async () => {
  const list = await open(4);
  const save: AlertSave = {
    id: null,
    name: 'Crowd',
    on: { list },
    conditions: [{ choice: condition().choice, op: 'outside', level: 0.0001 }],
    k: 2,
    enabled: true,
    tells: { ...USUAL_TELLING, nearSettlementMin: 20 },
  };
  await world.call('alerts.save', save);
  await world.clock.advance(48 * HOUR);
  const log = (await world.call('alerts.log', { limit: 1000 })).filter((entry) => entry.rule !== 'signal');
  const since = START - 30 * MINUTE;
  const told = log.filter((entry) => entry.told && entry.at > since);
  const everyClose = await count(rule({ list }, { conditions: [condition(0.0001)], from: since }));
  const dry = await count(rule({ list }, { conditions: [condition(0.0001)], from: since, nearSettlementMin: 20 }));
  expect(told.length).toBeGreaterThan(0);
  expect([dry?.fired, log.filter((entry) => entry.held !== undefined).length]).toEqual([
    told.length,
    (everyClose?.fired ?? 0) - told.filter(({ kind }) => kind === undefined).length,
  ]);
  // It is looked at each minute whether a settlement is near.
  const minutes = (entries: readonly { readonly at: number }[]) => entries.map((one) => Math.round(one.at / (5 * MINUTE))).toSorted();
  expect(minutes(dry?.last ?? [])).toEqual(minutes(told.slice(0, 5)));
});

test('where the values lie, and how often each percentile would have told', async () => {
  await open();
  const counted = await count(rule({ instrument: BTC, among: null }));
  const values = at(counted?.conditions ?? [], 0);
  expect(values.most).toBeGreaterThan(0.0007);
  expect(values.ofSize?.p99).toBeGreaterThan(values.ofSize?.p95 ?? Infinity);
  expect(values.least).toBeLessThan(0);
  expect(values.now).not.toBeNull();
  for (const { level, fired } of counted?.atPercentiles ?? []) {
    const own = await count(rule({ instrument: BTC, among: null }, { conditions: [condition(level)] }));
    expect([level, own?.fired]).toEqual([level, fired]);
  }
  // Levels that count on both sides are of sizes.
  const { p90, p95, p99 } = values.ofSize ?? { p90: NaN, p95: NaN, p99: NaN };
  expect(counted?.atPercentiles.map(({ percentile, level }) => [percentile, level])).toEqual([
    [90, p90],
    [95, p95],
    [99, p99],
  ]);
});

test('a list was chosen with hindsight, everything was not; a study is over what is stored', async () => {
  const list = await open();
  const ofList = await study(question({ list }));
  expect(ofList.report.notes.join()).toContain('chosen with hindsight');
  expect(ofList.report.question.source).toBe('list Mine');
  const all = await study(question({ everything: true }));
  expect(all.report.notes.join()).toContain('0 of 2 instruments are delisted');
  expect(all.report.notes.join()).not.toContain('hindsight');
  expect(await study(question({ venue: 'alpha' }))).toMatchObject({ occurrences: { fired: all.occurrences.fired } });
  await expect(study(question({ venue: 'omega' }))).rejects.toThrow('Nothing is stored of that set of instruments yet.');
  await expect(study(question({ list: 'gone' }))).rejects.toThrow('That list does not exist any more.');
});

test('a list is sorted into tenths; fewer than ten instruments are no sort, which is said', async () => {
  const list = await open();
  const asked = {
    choice: { metric: 'settled-rate', params: {} },
    everyH: 8,
    delayH: 0,
    costBp: 5,
    side: 'against',
    from: null,
    to: null,
    seed: 1,
  } as const;
  const found = await world.call('evidence.deciles', { job: 'sort', question: { ...asked, on: { list } } });
  expect(found).toMatchObject({ instruments: 2, sorts: 0, ends: null, question: { unit: 'rate-per-interval', source: 'list Mine' } });
  expect(found?.tooFew).toBeGreaterThan(10);
  expect(found?.notes.join()).toContain('chosen with hindsight');
  const word = { ...asked, choice: { metric: 'signal', params: {} }, on: { list } };
  await expect(world.call('evidence.deciles', { job: 'sort', question: word })).rejects.toThrow('Words have no order');
});

test('every edit is a try of the person, also after a restart; the same question again and its cost are none', async () => {
  const list = await open();
  expect((await study(question({ list }))).tries).toBe(1);
  expect((await study(question({ list }, { costBp: 1, seed: 7, delaysH: [0, 1, 8] }))).tries).toBe(1);
  expect((await study(question({ list }, { conditions: [condition(0.0004)] }))).tries).toBe(2);
  expect((await study(question({ list }, { exit: { on: 'settlement' } }))).tries).toBe(3);
  const searched = await study(question({ list }, { search: [0.0003, 0.0002] }));
  expect([searched.tries, searched.report.question.tries]).toEqual([5, 5]);
  expect(searched.report.question.levels).toEqual([0.0005, 0.0003, 0.0002]);
  // Other instruments are other data.
  expect((await study(question({ instrument: BTC, among: null }))).tries).toBe(1);
  // Of one instrument there are enough events to tell a Sharpe by the tries: two of before and three levels, each once.
  await study(question({ instrument: BTC, among: null }, { k: 1 }));
  const every = { search: [0.0003, 0.0002], events: 'every', exit: { on: 'horizon', hours: 1 } } as const;
  const { tries, report } = await study(question({ instrument: BTC, among: null }, { ...every, search: [...every.search] }));
  expect([tries, 'inSample' in report && report.inSample.sharpe?.tries]).toEqual([5, 5]);
  const others = createTries(world.person, { write: () => undefined });
  expect((await others.with(question({ instrument: 'alpha:BTC', among: null }))).count).toBe(1);
  await world.stop();
  await world.start();
  expect((await study(question({ list }))).tries).toBe(5);
});

test('a file that refuses a try costs the count of later, not the answer', async () => {
  const list = await open();
  world.failingPerson.add('recordFacts');
  expect((await study(question({ list }))).tries).toBe(1);
  expect((await study(question({ list }, { side: 'with' }))).tries).toBe(2);
  expect(world.logged.join()).toContain('a try could not be kept');
});

test('a cancelled study answers nothing and is no try; another one of its name ends the one before', async () => {
  const list = await open();
  const asked = world.call('evidence.study', { job: 'a', question: question({ list }) });
  await world.call('evidence.cancel', { job: 'a' });
  expect(await asked).toBeNull();
  const first = world.call('evidence.study', { job: 'a', question: question({ list }, { side: 'with' }) });
  const second = world.call('evidence.study', { job: 'a', question: question({ list }) });
  expect(await first).toBeNull();
  expect((await second)?.tries).toBe(1);
  expect(world.events.some(({ name }) => name === 'evidence.progress')).toBe(true);
});

test('what is saved runs again to the same answer, whatever was learnt since', async () => {
  const list = await open();
  const asked = question({ list }, { k: 1, delaysH: [0, 8], conditions: [condition({ percentile: 95, days: 5 })] });
  const { report, ranAt, tries } = await study(asked);
  const { n, verdict } = 'inSample' in report ? report.inSample : report;
  expect(n).toBeGreaterThan(3);
  const netBp = at(report.delays, 0).netBp;
  const json = await world.call('out.study', { name: 'Crowd', report, format: 'json' });
  expect(json.kind === 'download' && [json.name, JSON.parse(String(json.content))]).toEqual([
    'Crowd.json',
    JSON.parse(JSON.stringify(report)),
  ]);
  const document = await world.call('out.study', { name: 'Crowd', report, format: 'md' });
  expect(document.kind === 'download' && document.content).toContain(`# Crowd\n\n**${verdict}.**`);
  await world.call('evidence.save', { name: 'Crowd at 95', question: asked, ranAt, tries, verdict, n, netBp });
  await world.clock.advance(21 * HOUR);
  await world.stop();
  await world.start();
  const saved = at(await world.call('evidence.saved', {}), 0);
  expect(saved).toMatchObject({ name: 'Crowd at 95', verdict, n, netBp, version: '0.0.0' });
  const again = await study({ ...saved.question, asOf: saved.ranAt });
  expect({ ...again.report, question: null }).toEqual({ ...report, question: null });
  const newer = await study(saved.question);
  expect(newer.occurrences.fired).toBeGreaterThan(again.occurrences.fired);
  expect(await world.call('evidence.forget', { id: saved.id })).toEqual([]);
});

test('a moment that has not come is no answer', async () => {
  await open();
  await expect(count(rule({ everything: true }, { asOf: world.clock.now() + DAY }))).rejects.toThrow('has not come yet');
});
