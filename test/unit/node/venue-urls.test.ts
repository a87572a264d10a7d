import { expect, test } from 'vitest';
import { VenueUrlError, venueUrlsFromEnv } from '#node/venue-urls.ts';

const ids = ['binance', 'bybit', 'okx-swap'];

test('reads the addresses of known venues and nothing else', () => {
  const env = {
    PERPSCOPE_VENUE_URL_BINANCE: 'http://127.0.0.1:8080/',
    PERPSCOPE_VENUE_URL_OKX_SWAP: 'https://proxy.example/okx//',
    PERPSCOPE_VENUE_URL_BYBIT: '',
    PATH: '/bin',
  };
  expect(venueUrlsFromEnv(env, ids)).toEqual({ binance: 'http://127.0.0.1:8080', 'okx-swap': 'https://proxy.example/okx' });
});

test('an unknown venue is an error that names the known ones', () => {
  const run = () => venueUrlsFromEnv({ PERPSCOPE_VENUE_URL_BINANCEE: 'https://example.org' }, ids);
  expect(run).toThrow(VenueUrlError);
  expect(run).toThrow(/BINANCEE.*PERPSCOPE_VENUE_URL_BINANCE, PERPSCOPE_VENUE_URL_BYBIT, PERPSCOPE_VENUE_URL_OKX_SWAP/u);
});

test.each(['localhost:8080', 'ftp://example.org', 'not a url', 'file:///etc/passwd', 'javascript:alert(1)'])('%s is no address', (url) => {
  expect(() => venueUrlsFromEnv({ PERPSCOPE_VENUE_URL_BYBIT: url }, ids)).toThrow(/PERPSCOPE_VENUE_URL_BYBIT must be/u);
});

test.each(['http://ada:s3cret@example.org', 'ada:s3cret@example.org:8080', 'http://ada:s3@cret/x@example.org', 'ftp://ada:s3cret@host'])(
  'the password in %s is not told again',
  (url) => {
    const run = () => venueUrlsFromEnv({ PERPSCOPE_VENUE_URL_BYBIT: url }, ids);
    expect(run).toThrow(/PERPSCOPE_VENUE_URL_BYBIT must be .* not "\*\*\*@/u);
    expect(run).not.toThrow(/ada|s3|cret/u);
  },
);
