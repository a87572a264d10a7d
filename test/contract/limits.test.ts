import { expect, test } from 'vitest';
import { answerError } from '#core/collect/classify.ts';
import { createHost } from '#core/collect/host.ts';
import type { ExchangeHost } from '#core/venue.ts';
import { BITGET } from '#node/venues/bitget/host.ts';
import { DYDX } from '#node/venues/dydx/host.ts';
import { GATE } from '#node/venues/gate/host.ts';
import { newCanceller } from '#node/canceller.ts';
import { FakeClock } from '#test/support/fake-clock.ts';

/** What headers of limits say, of the hosts that have no contract test of it beside their bodies. */
const spent = (host: ExchangeHost, path: string, headers: Record<string, string>) => host.spent?.(headers, path);

// https://www.gate.com/docs/developers/apiv4/en/#frequency-limit-rule
test('Gate tells the limit and the rest of the endpoint that answered, whichever currency settles', () => {
  const headers = { 'x-gate-ratelimit-limit': '200', 'x-gate-ratelimit-requests-remain': '188', 'x-gate-ratelimit-reset-timestamp': '1' };
  expect(spent(GATE, '/api/v4/futures/usdt/contracts?limit=1000&offset=0', headers)).toEqual({ contracts: 12 });
  expect(spent(GATE, '/api/v4/futures/btc/funding_rate?contract=BTC_USD', headers)).toEqual({ funding_rate: 12 });
  expect(spent(GATE, '/api/v4/futures/usdt/other', headers)).toEqual({});
  expect(spent(GATE, '/api/v4/futures/usdt/contracts', { ...headers, 'x-gate-ratelimit-requests-remain': '201' })).toEqual({});
  expect(spent(GATE, '/api/v4/futures/usdt/contracts', {})).toEqual({});
});

// https://www.bitget.com/api-doc/common/faq, Q11; 10 a second for query-position-lever, 20 for the others
test('Bitget tells what is left of the second of one endpoint, and nothing of the minute', () => {
  const left = (path: string, rest: string) => spent(BITGET, path, { 'x-mbx-used-remain-limit': rest });
  expect(left('/api/v2/mix/market/tickers?productType=USDT-FUTURES', '19')).toEqual({ tickers: 1 });
  expect(left('/api/v2/mix/market/query-position-lever?symbol=BTCUSDT', '4')).toEqual({ 'query-position-lever': 6 });
  expect([left('/api/v2/mix/market/tickers', '21'), left('/api/v2/mix/market/tickers', 'few'), left('/other', '4')]).toEqual([{}, {}, {}]);
});

// https://github.com/dydxprotocol/v4-chain, indexer/services/comlink/src/lib/rate-limit.ts
test('dYdX tells limit and rest by address; its Retry-After is in milliseconds, not in seconds', () => {
  const headers = { 'ratelimit-limit': '100', 'ratelimit-remaining': '61', 'ratelimit-reset': '1789146310000' };
  expect(spent(DYDX, '/v4/perpetualMarkets', headers)).toEqual({ ip: 39 });
  expect(spent(DYDX, '/v4/perpetualMarkets', {})).toEqual({});
  const refused = { status: 429, headers: { 'retry-after': '8342' }, body: '{"errors":[{"msg":"Too many requests"}]}' };
  expect(answerError('dYdX', '/v4/perpetualMarkets', refused, 0, DYDX.retryAfterUnitMs)).toMatchObject({
    kind: 'rate-limited',
    retryAfterMs: 8_342,
  });
});

test('what another program spent of an endpoint is waited for: 200 of Gate in ten seconds', async () => {
  const clock = new FakeClock(0);
  const host = createHost(GATE, { clock, random: () => 0.5 });
  host.answered(
    { 'x-gate-ratelimit-limit': '200', 'x-gate-ratelimit-requests-remain': '0' },
    '/api/v4/futures/usdt/contracts?limit=1000&offset=0',
    '',
  );
  let sent = false;
  const asked = host
    .budgetOf('')
    .take({ contracts: 1 }, 'poll', newCanceller().signal)
    .then(() => (sent = true));
  await clock.advance(9_999);
  expect(sent).toBe(false);
  await clock.advance(1);
  await asked;
  expect(sent).toBe(true);
}, 10_000);
