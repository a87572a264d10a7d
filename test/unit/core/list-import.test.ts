import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Watchlist } from '#bridge/settings.ts';
import { importLists } from '#core/list-import.ts';
import { readListFile } from '#domain/import/list-file.ts';
import { newInstrument } from '#domain/instrument.ts';
import { groupsOf, listOfGroups, moved, reflowed, without } from '#domain/sections.ts';
import { createVenues } from '#node/venues/index.ts';
import { World } from '#test/support/world.ts';

const of = (venue: string, symbol: string, asset: string, quote = 'USDT', settle = quote, more = {}) =>
  newInstrument({ venue, symbol, asset, quote, settle, contract: settle === asset ? 'inverse' : 'linear', ...more });
const known = [
  of('binance', 'BTCUSDT', 'BTC'),
  of('binance', '1000PEPEUSDT', 'PEPE', 'USDT', 'USDT', { multiplier: 1000 }),
  of('binance-coin-m', 'BTCUSD_PERP', 'BTC', 'USD', 'BTC'),
  of('bybit', 'ETHUSDT', 'ETH'),
  of('bybit', 'BTCPERP', 'BTC', 'USDC'),
  of('okx', 'BTC-USDT-SWAP', 'BTC'),
  of('kucoin', 'XBTUSDTM', 'BTC', 'USDT', 'USDT', { aliases: ['XBT'] }),
  of('gate', 'BTC_USDT', 'BTC'),
  of('hyperliquid', 'BTC', 'BTC', 'USDC'),
  of('bitmex', 'XBTUSD', 'BTC', 'USD', 'BTC', { aliases: ['XBT'] }),
  of('kraken', 'PF_XBTUSD', 'BTC', 'USD', 'USD', { aliases: ['XBT'] }),
  of('kraken', 'PI_XBTUSD', 'BTC', 'USD', 'BTC', { aliases: ['XBT'] }),
];
const venues = createVenues();
const list = (items: string[], sections?: Watchlist['sections']): Watchlist => ({
  ...{ id: 'list-1', name: 'Majors', assets: [], seeded: [], items },
  ...(sections && { sections }),
});
const take = (text: string, here: readonly Watchlist[] = [list([])], name = '') =>
  importLists({ file: 'Alts 2026.txt', text, name }, here, known, venues, false);

describe('TradingView', () => {
  // Its export: one line, a comma between entries, ### before a heading; .P ends the symbol of a perpetual.
  const text =
    '###Majors,BINANCE:BTCUSDT.P,BYBIT:ETHUSDT.P,OKX:BTCUSDT.P,KUCOIN:XBTUSDTM.P,GATE:BTCUSDT.P,HYPERLIQUID:BTCUSDC.P,###Inverse,BINANCE:BTCUSD.P,BITMEX:XBTUSD.P,###Memes,\nBINANCE:1000PEPEUSDT.P,BYBIT:BTCUSDC.P,###Empty';

  test('each entry becomes the instrument of its venue, under its heading', () => {
    const found = take(text);
    const made = found?.lists[1];
    expect(made && groupsOf(made)).toEqual([
      { name: null, items: [] },
      {
        name: 'Majors',
        items: ['binance:BTCUSDT', 'bybit:ETHUSDT', 'okx:BTC-USDT-SWAP', 'kucoin:XBTUSDTM', 'gate:BTC_USDT', 'hyperliquid:BTC'],
      },
      { name: 'Inverse', items: ['binance-coin-m:BTCUSD_PERP', 'bitmex:XBTUSD'] },
      { name: 'Memes', items: ['binance:1000PEPEUSDT', 'bybit:BTCPERP'] },
    ]);
    expect([made?.name, found?.look.words, found?.look.lists[0]?.isNew]).toEqual(['Alts 2026', 'added 10, known 0, refused 0', true]);
  });

  test('what is no perpetual here is refused, each with its number, line and reason; the rest comes in', () => {
    const found = take('BINANCE:BTCUSDT,NASDAQ:AAPL\nBINANCE:DOGEUSDT.P,BYBIT:ETHUSDT.P,KRAKEN:XBTUSD.P,ETHUSDT,MEXC:BTCUSDT.P');
    expect(found?.look.refused.map(({ entry, line, reason }) => [entry, line, reason])).toEqual([
      [1, 1, '"BINANCE:BTCUSDT" is no perpetual: those end in .P on TradingView.'],
      [2, 1, '"NASDAQ" is no exchange that Perpscope asks for perpetuals.'],
      [3, 2, 'Binance lists no "DOGEUSDT" that is known here.'],
      [5, 2, '"XBTUSD.P" can be kraken:PF_XBTUSD or kraken:PI_XBTUSD. Write the one that is meant.'],
      [6, 2, '"ETHUSDT" says no exchange. Write it before a colon, as EXCHANGE:BTCUSDT.P.'],
      [7, 2, 'No instrument of MEXC is known here yet. Switch it on in Venues, and import once it has answered.'],
    ]);
    expect(found?.lists[1]?.items).toEqual(['bybit:ETHUSDT']);
  });

  test('into a list that is there: nothing leaves it, what it holds stays where it is, headings of one name are one', () => {
    const here = list(['okx:BTC-USDT-SWAP', 'bybit:ETHUSDT'], [{ name: 'majors', from: 1 }]);
    const found = take('BYBIT:BTCUSDC.P,###MAJORS,BINANCE:BTCUSDT.P,OKX:BTCUSDT.P', [here], 'MAJORS');
    expect(found?.lists).toEqual([
      list(['okx:BTC-USDT-SWAP', 'bybit:BTCPERP', 'bybit:ETHUSDT', 'binance:BTCUSDT'], [{ name: 'majors', from: 2 }]),
    ]);
    expect(found?.look.lists).toMatchObject([{ name: 'Majors', isNew: false, adds: 2, known: 1 }]);
  });
});

test('CSV: columns of instruments, venues, sections and lists in any order, in quotes or not', () => {
  const found = take(
    'List;Section;Exchange;Symbol\nA;"One; two";Binance USD-M;BTCUSDT\nB;;BYBIT;ETHUSDT.P\nA;;okx;BTC-USDT-SWAP\nA;;okx;NONE',
  );
  expect(found?.lists.slice(1).map(({ name, items, sections }) => [name, items, sections])).toEqual([
    ['A', ['okx:BTC-USDT-SWAP', 'binance:BTCUSDT'], [{ name: 'One; two', from: 1 }]],
    ['B', ['bybit:ETHUSDT'], undefined],
  ]);
  expect(found?.look.refused).toMatchObject([{ entry: 4, line: 5 }]);
  expect(take('instrument,section\nbinance:BTCUSDT,x\nbybit:ETHUSDT,')?.lists[1]?.items).toEqual(['bybit:ETHUSDT', 'binance:BTCUSDT']);
});

test('a table of values, JSON and bytes are no lists', () => {
  const texts = [
    'calc_time,funding_interval_hours,last_funding_rate\n1,8,0.1',
    'time,symbol,rate\n1,BTC,2',
    '[{"symbol":"BTC"}]',
    'PAR1\0:',
    '',
    '2024-01-01 00:00:00,1',
  ];
  expect(texts.map(readListFile)).toEqual(texts.map(() => null));
});

describe('headings', () => {
  const two = {
    items: ['a:1', 'a:2', 'a:3', 'a:4'],
    sections: [
      { name: 'X', from: 1 },
      { name: 'Y', from: 3 },
    ],
  };
  const plain = (groups: ReturnType<typeof groupsOf>): string =>
    groups.map(({ name, items }) => `${name ?? ''}(${items.map((id) => id.slice(2)).join('')})`).join('');

  test('an instrument goes, moves within, over a heading, to the end', () => {
    expect([plain(groupsOf(two)), plain(without(two, 'a:2')), plain(without(two, 'a:4'))]).toEqual([
      '(1)X(23)Y(4)',
      '(1)X(3)Y(4)',
      '(1)X(23)Y()',
    ]);
    expect([
      plain(moved(two, 'a:3', 1)),
      plain(moved(two, 'a:4', 3, 1)),
      plain(moved(two, 'a:2', 1, 0)),
      plain(moved(two, 'a:1', 3)),
    ]).toEqual(['(1)X(32)Y(4)', '(1)X(234)Y()', '(12)X(3)Y(4)', '()X(23)Y(41)']);
    expect(listOfGroups(groupsOf(two))).toEqual(two);
  });

  test('what a venue puts between leaves each heading over its own', () => {
    const items = ['a:1', 'b:1', 'a:2', 'b:2', 'a:3', 'a:4', 'b:4'];
    expect(plain(groupsOf({ items, sections: reflowed(two, items) }))).toBe('(11)X(223)Y(44)');
  });
});

describe('through the app', () => {
  let world: World;
  beforeAll(async () => {
    world = new World();
    world.market().list('BTC', { asset: 'BTC' });
    world.market().list('ETH', { asset: 'ETH' });
    await world.start();
    await world.clock.advance(5_000);
  });
  afterAll(async () => {
    await world.stop();
    world.dispose();
  });

  test('a dry run writes nothing; then the list is there, divided, deleted and restored with its headings', async () => {
    const [one, two] = ['alpha:BTC', 'alpha:ETH'];
    const text = `${one},###Second,${two}`;
    const ask = (dry: boolean) => world.call('watchlist.import', { file: 'mine.txt', text, name: '', dry });
    expect((await ask(true))?.words).toBe('adds 2, known 0, refused 0');
    const names = async () => (await world.call('settings.get', {})).lists.map(({ name }) => name);
    expect(await names()).not.toContain('mine');
    expect((await ask(false))?.words).toBe('added 2, known 0, refused 0');
    const made = (await world.call('settings.get', {})).lists.find(({ name }) => name === 'mine');
    expect(made).toMatchObject({ items: [one, two], sections: [{ name: 'Second', from: 1 }] });
    if (made === undefined) throw new Error('no list');
    const over = await world.call('watchlist.move', { list: made.id, instrument: two, to: 1, section: 0 });
    expect(over.lists.find(({ id }) => id === made.id)?.sections).toEqual([{ name: 'Second', from: 2 }]);
    await world.call('watchlist.divide', { list: made.id, sections: [] });
    const at = (await names()).indexOf('mine');
    await world.call('watchlist.delete', { list: made.id });
    const back = await world.call('watchlist.restore', { list: made, at });
    expect(back.lists[at]).toEqual(made);
    expect(await world.call('watchlist.import', { file: 'x.csv', text: 'time,rate\n1,2', name: '', dry: true })).toBeNull();
  });
});
