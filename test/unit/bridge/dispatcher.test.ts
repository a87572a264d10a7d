import { expect, expectTypeOf, test } from 'vitest';
import { createClient } from '#bridge/client.ts';
import { type CallInput, calls, events, type Handlers } from '#bridge/contract.ts';
import { createDispatcher } from '#bridge/dispatcher.ts';
import { errorSentence, UserError } from '#bridge/errors.ts';
import { createMemoryTransport } from '#bridge/memory-transport.ts';
import { callNames, eventNames } from '#bridge/names.ts';

const reported: { name: string; error: unknown }[] = [];
const asked: unknown[] = [];
/** Answers the few calls that these tests make; every other one is refused. */
const handlers = new Proxy({} as Handlers, {
  get: (_, name: string) => (input: unknown) => {
    asked.push(input);
    if (name === 'instruments.search') return Promise.resolve([]);
    if (name === 'history.status') return Promise.resolve({ bytes: 1, reusableBytes: 0, walBytes: 2, settledRows: 3, notices: ['n'] });
    if (name === 'venues.health') return Promise.reject(new UserError('storage', 'The disk is full.'));
    if (name === 'watchlist.rows') return Promise.resolve([{ wrong: true }]);
    return Promise.reject(new TypeError('secret path /home/x'));
  },
});
const dispatch = createDispatcher(handlers, (name, error) => reported.push({ name, error }));
const memory = createMemoryTransport(dispatch);
const client = createClient(memory.transport);

test('the list of names is the contract', () => {
  expect([...callNames].sort()).toEqual(Object.keys(calls).sort());
  expect([...eventNames].sort()).toEqual(Object.keys(events).sort());
  for (const name of [...callNames, ...eventNames]) expect(name).toMatch(/^[a-z]+\.[a-z]+$/u);
});

test('a call goes in checked and comes back checked', async () => {
  expect(await client.call('history.status', {})).toEqual({ bytes: 1, reusableBytes: 0, walBytes: 2, settledRows: 3, notices: ['n'] });
  expect(await client.call('instruments.search', { text: 'btc', limit: 5 })).toEqual([]);
  expect(asked.at(-1)).toEqual({ text: 'btc', limit: 5 });
  expectTypeOf<CallInput<'instruments.search'>>().toEqualTypeOf<{ text: string; limit: number }>();
  await expect(client.call('watchlist.rows', {})).rejects.toThrow();
});

test.each([
  ['toString', {}],
  ['__proto__', {}],
  ['nothing.here', {}],
])('an unknown name %s is answered, not thrown', async (name, input) => {
  expect(await dispatch(name, input)).toEqual({ ok: false, error: { code: 'unknown-call', message: errorSentence['unknown-call'] } });
});

test.each([
  ['instruments.search', { text: 'x'.repeat(61), limit: 5 }],
  ['instruments.search', { text: 'x', limit: 5, more: 1 }],
  ['instruments.search', { text: 'x', limit: 1e9 }],
  ['instruments.search', null],
  ['watchlist.add', { list: 'majors', instrument: 'no-colon' }],
  ['watchlist.move', { list: 'majors', instrument: 'binance:X', to: -1 }],
  ['settings.change', { lists: [] }],
  ['settings.change', { unit: 'weekly' }],
  ['thresholds.change', { instrument: null, theta: 0 }],
  ['thresholds.change', { instrument: null, k: 1.5 }],
  ['venues.change', { venue: 'binance', change: { url: 'file:///etc/passwd' } }],
  ['venues.change', { venue: 'binance', change: { url: 'javascript:alert(1)' } }],
  ['history.divergence', { instrument: 'binance:X', from: -1 }],
  ['history.divergence', { instrument: 'binance:X', from: Infinity }],
])('bad input to %s is refused before any handler: %j', async (name, input) => {
  const before = asked.length;
  expect(await dispatch(name, input)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(asked).toHaveLength(before);
});

test.each([
  ['thresholds.change', { instrument: null, theta: 0 }, 'The threshold must be above 0.'],
  ['thresholds.change', { instrument: null, k: 1.5 }, 'The number of closes must be a whole number.'],
  ['thresholds.change', { instrument: null, n: 'x' }, 'The window of the average must be a number.'],
  ['thresholds.change', {}, 'The instrument is missing.'],
  ['watchlist.create', { name: '   ' }, 'The name must not be empty.'],
  ['venues.change', { venue: 'binance', change: { pollSeconds: 1 } }, 'The poll interval in seconds must be at least 5.'],
  ['venues.change', { venue: 'binance', change: { url: 'nonsense' } }, 'The address must begin with http:// or https:// and name a host.'],
  [
    'venues.change',
    { venue: 'binance', change: { url: 'https://me:secret@mirror.example' } },
    'The address must be a plain address: no user name, no password, no query.',
  ],
  [
    'venues.change',
    { venue: 'binance', change: { parts: ['xyz', 'No dex'] } },
    'The list must be names of small letters and digits, such as xyz.',
  ],
  ['venues.change', { venue: 'binance', change: { parts: ['xyz', 'xyz'] } }, 'The list must name each only once.'],
  ['thresholds.change', { instrument: 'BTC', k: 3 }, 'The instrument must be a venue and its symbol, such as binance:BTCUSDT.'],
  ['view.follow', { selected: '!BTC', list: null, columns: [] }, '"selected" must be a venue and its symbol, such as binance:BTCUSDT.'],
  ['view.follow', { selected: null, list: null, columns: [{ metric: '', params: {} }] }, '"columns.0.metric" must not be empty.'],
  ['settings.change', { unit: 'weekly' }, '"unit" must be one of interval, 1h, 8h, day, apr.'],
  ['settings.change', { lists: [] }, 'The value holds what is not known here: lists.'],
])('what is wrong with %s %j is said in words', async (name, input, message) => {
  expect(await dispatch(name, input)).toEqual({ ok: false, error: { code: 'bad-input', message } });
});

test('an error for the person reaches them; any other is reported and says nothing of itself', async () => {
  await expect(client.call('venues.health', {})).rejects.toMatchObject({ code: 'storage', message: 'The disk is full.' });
  expect(reported).toEqual([]);
  expect(await dispatch('settings.get', {})).toEqual({ ok: false, error: { code: 'internal', message: errorSentence.internal } });
  expect(reported).toMatchObject([{ name: 'settings.get', error: { message: 'secret path /home/x' } }]);
});

test('events reach who listens, checked, until they leave', () => {
  const heard: unknown[] = [];
  const leave = client.on('app.notice', (payload) => heard.push(payload));
  const other = client.on('history.change', (payload) => heard.push(payload));
  memory.emit('app.notice', { notices: ['one'] });
  memory.emit('history.change', { instruments: ['a:b'] });
  leave();
  memory.emit('app.notice', { notices: ['two'] });
  other();
  expect(heard).toEqual([{ notices: ['one'] }, { instruments: ['a:b'] }]);
});
