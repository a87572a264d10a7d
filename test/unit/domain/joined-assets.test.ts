import { expect, test } from 'vitest';
import type { AssetClass } from '#domain/instrument.ts';
import { joinedAssets, mayBeOneAsset, peersOf, tickerOf } from '#domain/joined-assets.ts';

const one = (id: string, asset: string, assetClass: AssetClass | null) => ({ id, asset, assetClass });
const joined = (...all: ReturnType<typeof one>[]) =>
  joinedAssets(all).map(({ key, name, members }) => [key, name, members.map(({ id }) => id)]);

// DASH is a coin, and the ticker of DoorDash's share on Nasdaq.
const coin = one('a:DASH', 'DASH', 'crypto');
const share = one('b:DASH', 'DASH', 'equity');
const otherShare = one('c:DASH', 'DASH', 'equity');
const unsaid = one('d:DASH', 'DASH', null);
const early = one('e:DASH', 'DASH', 'pre-market');

test('a share and a coin of one ticker are two assets; what states no class is with the coins', () => {
  expect(joined(share, unsaid, coin, otherShare, early)).toEqual([
    ['DASH crypto', 'DASH', ['d:DASH', 'a:DASH', 'e:DASH']],
    ['DASH equity', 'DASH (equity)', ['b:DASH', 'c:DASH']],
  ]);
});

test('where one class or none is stated there is one asset, and its key stays when another thing of the ticker is listed', () => {
  expect(joined(share, unsaid, early)).toEqual([['DASH equity', 'DASH', ['b:DASH', 'd:DASH', 'e:DASH']]]);
  expect(joined(unsaid, early)).toEqual([['DASH ', 'DASH', ['d:DASH', 'e:DASH']]]);
  expect(joined(one('a:X', 'X', 'crypto'), one('b:Y', 'Y', 'crypto'), one('c:X', 'X', 'crypto')).map(([, name]) => name)).toEqual([
    'X',
    'Y',
  ]);
});

test('the ticker of a name', () => {
  expect(['DASH', 'DASH (equity)', 'XAU (commodity)', 'A (B)'].map(tickerOf)).toEqual(['DASH', 'DASH', 'XAU', 'A (B)']);
});

test('two may be one thing but where both state a class and it is another', () => {
  expect([coin, share, unsaid, early].map((other) => mayBeOneAsset(coin, other))).toEqual([true, false, true, true]);
  expect([coin, share, unsaid, early].map((other) => mayBeOneAsset(share, other))).toEqual([false, true, true, true]);
  expect(mayBeOneAsset(one('a:ETH', 'ETH', 'crypto'), coin)).toBe(false);
});

test('the peers of an instrument are those that it is compared with', () => {
  const known = [coin, share, unsaid, otherShare, one('a:ETH', 'ETH', 'crypto')];
  const ids = (subject: typeof coin) => peersOf(subject, known).map(({ id }) => id);
  expect([ids(coin), ids(share), ids(unsaid), ids(early)]).toEqual([['a:DASH', 'd:DASH'], ['b:DASH', 'c:DASH'], ['a:DASH', 'd:DASH'], []]);
});
