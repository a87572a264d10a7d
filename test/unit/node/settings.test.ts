import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Conf from 'conf';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { preferenceFields, type Preferences } from '#bridge/settings.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { type FileSettings, openSettings, type SettingsFormat, type StoreConstructor } from '#node/settings.ts';

const { lists, thresholds, ownThresholds, alerts, ...defaults } = defaultSettings(
  ['binance', 'bybit'].map((id) => ({ id, onByDefault: true })),
);
const ofThePerson = { lists, thresholds, ownThresholds, alerts };
const own: Preferences = {
  ...defaults,
  unit: 'apr',
  zone: 'local',
  theme: 'light',
  colours: 'safe',
  introduced: true,
  density: 'compact',
  numberFormat: 'comma',
  notify: false,
  limits: { ageDays: 400, megabytes: null },
  venues: { binance: { enabled: false, url: 'http://127.0.0.1:1', pollSeconds: 60 } },
};

let dir = '';
const opened: FileSettings[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-settings-'));
});
afterEach(async () => {
  vi.useRealTimers();
  // What is still to be written would make the folder again.
  await Promise.allSettled(opened.splice(0).map((store) => store.flush()));
  rmSync(dir, { recursive: true, force: true });
});

function open(createStore: StoreConstructor = Conf, format?: SettingsFormat): FileSettings {
  const store = openSettings({ dataDir: dir, createStore, defaults, log: { write: () => undefined }, ...(format && { format }) });
  opened.push(store);
  return store;
}
const file = () => join(dir, 'settings.json');
const put = (content: unknown): void =>
  writeFileSync(file(), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
const onDisk = () => JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>;
const beside = (what: string) => readdirSync(dir).filter((name) => name.startsWith(`settings.${what}`));
const rest = () => readdirSync(dir).filter((name) => name !== 'settings.json' && !name.includes('.good-'));

async function save(settings: Preferences): Promise<void> {
  const store = open();
  store.update(() => settings);
  await store.flush();
}

test('a first start has the defaults and no notice', () => {
  const store = open();
  expect([store.current, store.notices, rest()]).toEqual([defaults, [], []]);
});

test('what is updated is there at the next start, with keys that are not known', async () => {
  put({ ...own, laterFeature: { a: [1, null] } });
  const store = open();
  expect(store.current).toEqual(own);
  store.update((settings) => ({ ...settings, unit: 'day' }));
  await store.flush();
  expect(onDisk()).toMatchObject({ unit: 'day', laterFeature: { a: [1, null] } });
  expect([open().current, open().notices]).toEqual([{ ...own, unit: 'day' }, []]);
});

test.each([
  ['there is none', null, []],
  ['it is damaged', '{"venues": {', ['The settings file could not be read']],
  ['it names none', { unit: 'day' }, []],
  ['it says nonsense of them', { venues: 7 }, ['"venues" cannot be used']],
])('a file that does not say which venues are on leaves on those of the folder, as long as %s', async (_, content, words) => {
  if (content !== null) put(content);
  const ofFolder = { venues: { bybit: { enabled: true, url: null, pollSeconds: 30 } }, sentence: 'Bybit is on.' };
  const start = () =>
    openSettings({ dataDir: dir, createStore: Conf, defaults, venuesOfFolder: () => ofFolder, log: { write: () => undefined } });
  const store = start();
  opened.push(store);
  expect(store.current.venues).toEqual(ofFolder.venues);
  expect(store.notices).toEqual([...words.map((said) => expect.stringContaining(said) as unknown), ofFolder.sentence]);
  await store.flush();
  const again = start();
  opened.push(again);
  expect([again.current.venues, again.notices]).toEqual([ofFolder.venues, []]);
});

test('venues of a file that names them are as it says, whatever the folder holds', () => {
  put({ venues: {} });
  const venuesOfFolder = () => ({ venues: own.venues, sentence: 'They are others.' });
  const store = openSettings({ dataDir: dir, createStore: Conf, defaults, venuesOfFolder, log: { write: () => undefined } });
  opened.push(store);
  expect([store.current.venues, store.notices]).toEqual([{}, []]);
});

test('a file with a byte order mark and a file with half of the fields are read', () => {
  put(`\uFEFF${JSON.stringify({ unit: 'day' })}`);
  expect([open().current, open().notices]).toEqual([{ ...defaults, unit: 'day' }, []]);
});

test('writes are put off half a second, however many changes come, and then happen', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const store = open();
  for (let k = 1; k <= 40; k += 1) {
    store.update((settings) => ({ ...settings, limits: { ...settings.limits, ageDays: 100 + k } }));
    vi.advanceTimersByTime(10);
  }
  expect(onDisk()).not.toHaveProperty('limits');
  vi.advanceTimersByTime(100);
  expect(onDisk()).toMatchObject({ limits: { ageDays: 140 } });
});

test('a change that is no settings is refused and keeps the old ones', () => {
  const store = open();
  expect(() => store.update((settings) => ({ ...settings, limits: { ageDays: -1, megabytes: null } }))).toThrow();
  expect(store.current).toEqual(defaults);
});

describe('a bad field', () => {
  test.each(Object.keys(preferenceFields) as (keyof Preferences)[])('%s costs only itself, whatever it holds', (name) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!preferenceFields[name].safeParse(value).success && !Array.isArray(value) && (typeof value !== 'object' || value === null));
        for (const entry of readdirSync(dir)) rmSync(join(dir, entry));
        const bad = { ...own, [name]: value };
        put(bad);
        const store = open();
        expect(store.current).toEqual({ ...own, [name]: defaults[name] });
        expect(store.notices).toHaveLength(1);
        expect(store.notices[0]).toContain(`"${name}"`);
        const [kept] = beside('rejected-');
        expect(store.notices[0]).toContain(kept);
        expect(readFileSync(join(dir, kept ?? ''), 'utf8')).toBe(JSON.stringify(bad));
      }),
      {
        numRuns: 15,
        examples: [['bad'], [-1], [null]].filter(([value]) => !preferenceFields[name].safeParse(value).success) as [string][],
      },
    );
  });

  test('bad entries of objects and records are left out, the good ones stay', async () => {
    put({
      ...own,
      calculators: { ...own.calculators, equity: 'much', risk: '2' },
      venues: { ...own.venues, bybit: { enabled: 'yes' } },
    });
    const store = open();
    expect(store.current).toEqual({ ...own, calculators: { ...own.calculators, risk: '2' } });
    expect(store.notices).toHaveLength(2);
    await store.flush();
    expect([open().notices, beside('rejected-').length]).toEqual([[], 1]);
  });
});

test('what is in the person’s file now is handed over whole, stays until that is on disk, and goes then', async () => {
  put({ ...own, ...ofThePerson, laterFeature: 1 });
  const store = open();
  expect([store.others, store.current]).toEqual([{ ...ofThePerson, laterFeature: 1 }, own]);
  store.update((before) => ({ ...before, unit: 'day' }));
  await store.flush();
  expect(onDisk()).toMatchObject({ ...ofThePerson, unit: 'day' });
  expect(open().others).toEqual({ ...ofThePerson, laterFeature: 1 });
  store.letGo(Object.keys(ofThePerson));
  await store.flush();
  expect(Object.keys(onDisk())).not.toEqual(expect.arrayContaining(['lists']));
  expect(onDisk()).toMatchObject({ laterFeature: 1, unit: 'day' });
  expect(open().others).toEqual({ laterFeature: 1 });
});

describe('a broken file', () => {
  const broken: [string, unknown][] = [
    ['half written', JSON.stringify(own).slice(0, 200)],
    ['empty', ''],
    ['white space', ' \n'],
    ['full of NUL', Buffer.alloc(4096)],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a text', '"settings"'],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ];

  test.each(broken)('%s: the newest good copy is loaded, the broken file kept, the person told once', async (_name, content) => {
    await save(own);
    open();
    put(content);
    const store = open();
    expect(store.current).toEqual(own);
    expect(store.notices).toHaveLength(1);
    const [kept] = beside('corrupt-');
    expect(store.notices[0]).toContain(kept);
    expect(readFileSync(join(dir, kept ?? ''))).toEqual(Buffer.from(content as string));
    await store.flush();
    expect([open().current, open().notices]).toEqual([own, []]);
  });

  test.each(broken)('%s and no good copy: the defaults, the broken file kept', async (_name, content) => {
    put(content);
    const store = open();
    expect([store.current, store.notices.length, beside('corrupt-').length]).toEqual([defaults, 1, 1]);
    await store.flush();
    expect([open().current, open().notices]).toEqual([defaults, []]);
  });

  test('a damaged good copy is passed over for the one before', async () => {
    await save({ ...own, unit: 'day' });
    await save({ ...own, unit: 'apr' });
    open();
    expect(beside('good-').sort()).toEqual(
      ['settings.good-1.json', 'settings.good-2.json', 'settings.good-3.json'].slice(0, beside('good-').length),
    );
    writeFileSync(join(dir, 'settings.good-1.json'), '{');
    put('');
    expect(open().current.unit).toBe('day');
  });

  test('good copies are three, newest first, and never taken of a file that had to be put right', async () => {
    for (const ageDays of [52, 53, 54, 55]) await save({ ...own, limits: { ...own.limits, ageDays } });
    open();
    const copies = [1, 2, 3].map((n) => JSON.parse(readFileSync(join(dir, `settings.good-${n}.json`), 'utf8')) as Preferences);
    expect(copies.map(({ limits }) => limits.ageDays)).toEqual([55, 54, 53]);
    put({ ...own, unit: 'furlong' });
    open();
    expect(readFileSync(join(dir, 'settings.good-1.json'), 'utf8')).not.toContain('furlong');
    expect(beside('good-')).toHaveLength(3);
  });
});

describe('a file that is gone', () => {
  test('at the start: the newest copy that can be read is loaded, and the person told', async () => {
    await save({ ...own, unit: 'day' });
    await save({ ...own, unit: 'apr' });
    open();
    rmSync(file());
    const store = open();
    expect(store.current).toEqual({ ...own, unit: 'apr' });
    expect(store.notices).toEqual([
      expect.stringMatching(/^The settings file was missing\. The newest good copy, settings\.good-1\.json of 2.+ UTC, was loaded/u),
    ]);
    await store.flush();
    expect(onDisk()).toMatchObject({ unit: 'apr' });
    expect(open().notices).toEqual([]);
    rmSync(file());
    writeFileSync(join(dir, 'settings.good-1.json'), '{');
    expect(open().current).toEqual({ ...own, unit: 'day' });
  });

  test('while it runs: it is written again with what was changed since, and told', async () => {
    await save(own);
    const store = open();
    store.update((settings) => ({ ...settings, unit: 'day' }));
    await store.flush();
    store.tend();
    expect(store.notices).toEqual([]);
    rmSync(dir, { recursive: true });
    store.tend();
    await store.flush();
    expect(store.notices).toEqual([
      expect.stringMatching(/settings\.json was deleted or moved away while Perpscope ran\. It is written again\./u),
    ]);
    expect(onDisk()).toMatchObject({ ...own, unit: 'day' });
    // Also where it ends before the next look.
    rmSync(file());
    await store.flush();
    expect(onDisk()).toMatchObject({ unit: 'day' });
  });

  test('and another one in its place: what that holds is kept beside, and told', async () => {
    await save(own);
    const store = open();
    const edited = JSON.stringify({ ...own, unit: 'interval' });
    put(edited);
    store.update((settings) => ({ ...settings, zone: 'utc' }));
    await store.flush();
    const [kept = ''] = beside('foreign-');
    expect(readFileSync(join(dir, kept), 'utf8')).toBe(edited);
    expect(store.notices).toEqual([expect.stringContaining(kept)]);
    expect(onDisk()).toMatchObject({ unit: 'apr', zone: 'utc' });
    store.update((settings) => ({ ...settings, zone: 'local' }));
    await store.flush();
    expect(beside('foreign-')).toHaveLength(1);
  });
});

test('temporary files of killed writes are swept, nothing else', () => {
  const keep = ['settings.good-1.json', 'history.sqlite', 'other.json.tmp-1'];
  for (const name of ['settings.json.tmp-1234567890abcdef', 'settings.good-1.json.tmp-77', ...keep]) writeFileSync(join(dir, name), '{}');
  open();
  expect(readdirSync(dir).sort()).toEqual([...keep, 'settings.json'].sort());
});

describe('the version of the format', () => {
  const second: SettingsFormat = {
    version: '2.0.0',
    migrations: {
      '2.0.0': (store) => {
        store.set('unit', store.get('rateUnit') === 'yearly' ? 'apr' : '8h');
        store.delete('rateUnit');
      },
    },
  };

  test('an older file goes through the migrations, once', async () => {
    await save(own);
    put({ ...onDisk(), unit: undefined, rateUnit: 'yearly' });
    const store = open(Conf, second);
    expect([store.current, store.notices]).toEqual([{ ...own, unit: 'apr' }, []]);
    store.update((settings) => ({ ...settings, unit: 'day' }));
    await store.flush();
    expect(open(Conf, second).current.unit).toBe('day');
    expect(onDisk()).not.toHaveProperty('rateUnit');
  });

  test('a newer file is used as far as it is understood, and kept as it was', async () => {
    const newer = { version: '3.0.0', migrations: {} };
    const store = open(Conf, newer);
    store.update(() => own);
    await store.flush();
    put({ ...onDisk(), theme: 'sepia', novel: true });
    const before = readFileSync(file(), 'utf8');
    const old = open();
    expect(old.current).toEqual({ ...own, theme: 'dark' });
    expect(old.notices[0]).toContain('newer');
    expect(readFileSync(join(dir, beside('newer-3.0.0-')[0] ?? ''), 'utf8')).toBe(before);
    await old.flush();
    expect(onDisk()).toMatchObject({ novel: true });
    expect(open(Conf, newer).current.unit).toBe('apr');
  });

  test('a migration that throws leaves the file as it was and the app running', () => {
    put(own);
    const store = open(Conf, {
      version: '2.0.0',
      migrations: {
        '2.0.0': (settings) => {
          settings.set('unit', 'day');
          throw new Error('broken step');
        },
      },
    });
    expect(store.current).toEqual(own);
    expect(store.notices.join()).toContain('broken step');
    expect(onDisk()).toMatchObject({ unit: 'apr' });
  });
});

describe('a disk that refuses', () => {
  let refusal: NodeJS.ErrnoException | null = null;
  /** conf whose writes fail as the file system's would (full disk, antivirus holding the file). */
  class Refusing extends Conf {
    override get store() {
      return super.store;
    }
    override set store(value) {
      if (refusal) throw refusal;
      super.store = value;
    }
  }

  test.each(['ENOSPC', 'EPERM', 'EBUSY'])(
    '%s: the old file stays, the new settings are in memory, told, tried again and written',
    async (code) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      await save(own);
      refusal = Object.assign(new Error(`${code}: refused`), { code });
      const store = open(Refusing);
      store.update((settings) => ({ ...settings, unit: 'day' }));
      await expect(store.flush()).rejects.toThrow(code);
      expect(store.current.unit).toBe('day');
      expect(store.notices).toEqual([expect.stringContaining(code)]);
      expect(onDisk()).toMatchObject({ unit: 'apr' });
      store.update((settings) => ({ ...settings, zone: 'utc' }));
      vi.advanceTimersByTime(60_000);
      expect(store.notices).toHaveLength(1);
      refusal = null;
      vi.advanceTimersByTime(60_000);
      expect(onDisk()).toMatchObject({ unit: 'day', zone: 'utc' });
      expect(store.notices).toEqual([]);
    },
  );

  test('a folder that cannot be made: the defaults, in memory, told', async () => {
    writeFileSync(join(dir, 'taken'), '');
    dir = join(dir, 'taken', 'folder');
    const store = open();
    store.update((settings) => ({ ...settings, unit: 'day' }));
    await expect(store.flush()).rejects.toThrow(/cannot be written/u);
    expect([store.current.unit, store.notices.length]).toEqual(['day', 1]);
    dir = join(dir, '../..');
  });

  test('where the broken file cannot be kept, it is not written over', async () => {
    // A folder in its place can be read as little as it can be written over.
    mkdirSync(file());
    writeFileSync(join(file(), 'inside'), 'precious');
    const store = open();
    await store.flush();
    const [kept] = beside('corrupt-');
    expect(readFileSync(join(dir, kept ?? '', 'inside'), 'utf8')).toBe('precious');
    expect(store.current).toEqual(defaults);
  });
});

describe('a file that is another one', () => {
  beforeEach(async () => {
    await save(own);
    // The start after it takes the good copy.
    open();
  });

  test.each([
    ['an empty object', {}],
    ['settings of another program', { compilerOptions: { strict: true }, files: [] }],
  ])('%s: it is kept aside, the good copy takes its place, and the person is told', (_what, content) => {
    put(content);
    const store = open();
    expect(store.current).toEqual(own);
    const [kept] = beside('corrupt');
    expect(store.notices).toEqual([
      `The settings file could not be read: it holds none of the settings. The good copy settings.good-1.json was loaded; the broken file is kept as ${kept ?? 'nothing'}.`,
    ]);
    expect(JSON.parse(readFileSync(join(dir, kept ?? ''), 'utf8'))).toEqual(content);
  });

  test('a setting that is missing is as in the good copy, and the person is told which', async () => {
    const { theme, zone, ...left } = own;
    put(left);
    const store = open();
    expect(store.current).toEqual(own);
    expect(store.notices).toEqual(['The settings "zone", "theme" were missing from the settings file. They are as in the good copy.']);
    await store.flush();
    expect(onDisk()).toMatchObject({ theme, zone });
    expect(open().notices).toEqual([]);
  });

  test('however often, no good copy is lost to it', async () => {
    const copies = () => [1, 2, 3].flatMap((n) => beside(`good-${n}`).map((name) => readFileSync(join(dir, name), 'utf8')));
    const [good] = copies();
    for (let n = 0; n < 5; n += 1) {
      put(n % 2 === 0 ? { a: n } : { unit: 'day' });
      await open().flush();
    }
    expect(good).toBeDefined();
    expect(copies()).toContain(good);
    expect(open().current).toMatchObject({ theme: own.theme, venues: own.venues });
  });
});
