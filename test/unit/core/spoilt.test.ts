import { describe, expect, test } from 'vitest';
import type { VenueId } from '#domain/instrument.ts';
import { lived, SPOILT_FROM, SPOILT_UNTIL, type Stored } from '#test/support/spoilt-world.ts';
import { fieldsOf, type Spoiler, spoilt } from '#test/support/spoil.ts';

const HOURS = 5;
const undisturbed = new Map<VenueId, Promise<Stored>>();
function whole(venue: VenueId): Promise<Stored> {
  const known = undisturbed.get(venue) ?? lived(venue, HOURS, null);
  undisturbed.set(venue, known);
  return known;
}

test('a field is spoilt in every row, and nothing else is', () => {
  const body = {
    list: [
      { a: '1', b: [['2', '3']] },
      { a: '4', b: [] },
    ],
  };
  expect(fieldsOf(body)).toEqual(['.list', '.list[].a', '.list[].b', '.list[].b[][0]', '.list[].b[][1]']);
  expect(spoilt(body, '.list[].a', 'empty')).toEqual({
    list: [
      { a: '', b: [['2', '3']] },
      { a: '', b: [] },
    ],
  });
  expect(spoilt(body, '.list[].a', 'renamed')).toEqual({
    list: [
      { aV2: '1', b: [['2', '3']] },
      { aV2: '4', b: [] },
    ],
  });
  expect(spoilt(body, '.list[].b[][1]', 'null')).toEqual({
    list: [
      { a: '1', b: [['2', null]] },
      { a: '4', b: [] },
    ],
  });
  expect(spoilt(body, '.list[].b[][0]', 'missing')).toEqual({
    list: [
      { a: '1', b: [['3']] },
      { a: '4', b: [] },
    ],
  });
});

/** Each kind of answer and each way once; `npm run soak` takes every field. */
describe('a field that is spoilt for the first 40 minutes leaves nothing behind', () => {
  test.each<[VenueId, string, string, Spoiler]>([
    ['binance', 'GET /fapi/v1/premiumIndex', '[].lastFundingRate', 'empty'],
    ['hyperliquid', 'POST /info candleSnapshot', '[].t', 'object'],
    ['bybit', 'GET /v5/market/tickers', '.result.list[].symbol', 'renamed'],
    ['okx', 'GET /api/v5/public/funding-rate-history', '.data[].realizedRate', 'huge'],
    ['gate', 'GET /api/v4/futures/usdt/contracts', '[].funding_interval', 'null'],
    ['gate', 'GET /api/v4/futures/usdt/candlesticks', '[].c', 'empty'],
    ['binance', 'GET /fapi/v1/markPriceKlines', '[][1]', 'missing'],
    ['bybit', 'GET /v5/market/funding/history', '.result.list[].fundingRate', 'null'],
  ])('%s, %s, %s %s', async (venue, endpoint, field, how) => {
    const disturbance = { venue, what: { endpoint, field }, how, from: SPOILT_FROM, until: SPOILT_UNTIL };
    expect(await lived(venue, HOURS, disturbance)).toEqual(await whole(venue));
  });
});
