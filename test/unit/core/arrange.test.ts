import { afterEach, expect, test } from 'vitest';
import { UserError } from '#bridge/errors.ts';
import { restored, withAll, withoutAll, listOfGroups } from '#domain/sections.ts';
import { World } from '#test/support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const items = (list: string): readonly string[] => world.settings.lists.find(({ id }) => id === list)?.items ?? [];

test('many instruments change their lists in one step, and what no venue lists is refused whole', async () => {
  world = new World();
  for (const asset of ['ETH', 'BTC', 'TAO']) world.market().list(`${asset}USDT`, { asset });
  await world.start();
  await world.clock.advance(60_000);
  expect(items('majors')).toEqual(['alpha:BTCUSDT', 'alpha:ETHUSDT']);
  await world.call('watchlist.arrange', {
    lists: [
      { list: 'majors', items: ['alpha:ETHUSDT'] },
      { list: 'ai', items: ['alpha:TAOUSDT', 'alpha:BTCUSDT'], sections: [{ name: 'Moved', from: 1 }] },
    ],
  });
  expect(items('majors')).toEqual(['alpha:ETHUSDT']);
  expect(world.settings.lists.find(({ id }) => id === 'ai')).toMatchObject({
    items: ['alpha:TAOUSDT', 'alpha:BTCUSDT'],
    sections: [{ name: 'Moved', from: 1 }],
  });
  const refused = world.call('watchlist.arrange', {
    lists: [
      { list: 'majors', items: [] },
      { list: 'ai', items: ['alpha:NOSUCH'] },
    ],
  });
  await expect(refused).rejects.toThrow(UserError);
  const twice = world.call('watchlist.arrange', { lists: [{ list: 'majors', items: ['alpha:ETHUSDT', 'alpha:ETHUSDT'] }] });
  await expect(twice).rejects.toThrow('twice');
  expect(items('majors')).toEqual(['alpha:ETHUSDT']);

  // Undone: each row stands under its heading again, and what came meanwhile stays.
  const before = { items: ['a:A', 'a:B', 'a:C'], sections: [{ name: 'S', from: 1 }] };
  const after = listOfGroups(withoutAll(before, new Set(['a:A', 'a:C'])));
  expect(after).toEqual({ items: ['a:B'], sections: [{ name: 'S', from: 0 }] });
  const meanwhile = listOfGroups(withAll(after, ['a:NEW', 'a:B']));
  expect(meanwhile.items).toEqual(['a:B', 'a:NEW']);
  expect(listOfGroups(restored(before, meanwhile))).toEqual({ items: ['a:A', 'a:B', 'a:C', 'a:NEW'], sections: [{ name: 'S', from: 1 }] });
});
