import { expect, test } from 'vitest';
import { answerError, retryAfterMs, toVenueError } from '#core/collect/classify.ts';
import { HttpError, VenueError } from '#core/venue-error.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const classify = (status: number, body = '', headers: Record<string, string> = {}) =>
  answerError('Binance', '/x', { status, headers, body }, NOW);

test.each([
  [429, '', { 'retry-after': '7' }, 'rate-limited', 7000],
  [429, '', {}, 'rate-limited', null],
  [429, `{"code":-1003,"msg":"IP banned until ${NOW + 5000}."}`, {}, 'banned', 5000],
  [418, `Way too many requests; IP(1.2.3.4) banned until ${NOW + 90_000}`, { 'retry-after': '60' }, 'banned', 90_000],
  [418, '', { 'retry-after': '60' }, 'banned', 60_000],
  [418, '', {}, 'banned', 600_000],
  [418, `banned until ${NOW - 5000}`, {}, 'banned', 0],
  // A longer time than a day (a ban) or an hour (the rest) is no time to believe.
  [418, 'banned until 9999999999999', {}, 'banned', DAY],
  [429, 'banned until 9999999999999', {}, 'banned', DAY],
  [418, '', { 'retry-after': '31536000' }, 'banned', DAY],
  [418, '', { 'retry-after': '40000' }, 'banned', 40_000_000],
  [429, '', { 'retry-after': '31536000' }, 'rate-limited', HOUR],
  [429, '', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 'rate-limited', HOUR],
  [429, '', { 'retry-after': '1e300' }, 'rate-limited', HOUR],
  [403, 'access too frequent', { 'retry-after': '999999' }, 'rate-limited', HOUR],
  [503, '{}', { 'retry-after': '999999' }, 'server', HOUR],
  [403, 'access too frequent', {}, 'rate-limited', 600_000],
  [403, '<html>cloudflare</html>', {}, 'blocked', null],
  [451, '', {}, 'blocked', null],
  [400, '{"code":-1121,"msg":"Invalid symbol."}', {}, 'malformed', null],
  [404, '', {}, 'malformed', null],
  [302, '', {}, 'malformed', null],
  [500, '', {}, 'server', null],
  [503, '{}', { 'retry-after': '30' }, 'server', 30_000],
  [200, '  \n<!doctype html>', {}, 'malformed', null],
  [200, '{}', { 'content-type': 'text/html; charset=utf-8' }, 'malformed', null],
  [200, ' ', {}, 'empty', null],
] as const)('status %i %j %j is %s', (status, body, headers, kind, retryMs) => {
  const error = classify(status, body, headers);
  expect(error).toMatchObject({ kind, retryAfterMs: retryMs });
  expect(error?.user).toMatch(/^Binance .+[.?]$/u);
  expect(error?.user).not.toContain('\n');
});

test('status 200 with data is no error', () => expect(classify(200, '[]', { 'content-type': 'application/json' })).toBeNull());

test('Retry-After in seconds, as a date, and as nonsense', () => {
  expect(retryAfterMs('1.5', NOW)).toBe(1500);
  expect(retryAfterMs(new Date(NOW + 60_000).toUTCString(), NOW)).toBe(60_000);
  expect(retryAfterMs(new Date(NOW - 60_000).toUTCString(), NOW)).toBe(0);
  expect(retryAfterMs('soon', NOW)).toBeNull();
  expect(retryAfterMs('', NOW)).toBeNull();
  expect(retryAfterMs(undefined, NOW)).toBeNull();
});

test('whatever a venue throws becomes one sentence', () => {
  const own = new VenueError('empty', 'Nothing.', 'log');
  expect(toVenueError('Bybit', own)).toBe(own);
  for (const kind of ['timeout', 'network', 'too-large', 'cancelled'] as const) {
    expect(toVenueError('Bybit', new HttpError(kind, 'x'))).toMatchObject({ kind, message: 'x' });
  }
  expect(toVenueError('Bybit', new TypeError('a is not a function'))).toMatchObject({
    kind: 'malformed',
    message: 'TypeError: a is not a function',
  });
  expect(toVenueError('Bybit', 'text').kind).toBe('malformed');
});
