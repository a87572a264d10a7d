import { describe, expect, test } from 'vitest';
import { proxyPlace } from '#bridge/proxy.ts';
import { envProxies } from '#node/proxy/env-proxies.ts';
import { pacProxies } from '#node/proxy/system-proxies.ts';

const https = new URL('https://fapi.binance.com/fapi/v1/time');
const told = async (env: Record<string, string>, target = https): Promise<(string | null)[]> =>
  (await envProxies(env)(target)).map((one) => one && proxyPlace(one));

describe('the environment', () => {
  test.each<[Record<string, string>, URL, string | null]>([
    [{}, https, null],
    [{ HTTPS_PROXY: 'http://a:1' }, https, 'http://a:1'],
    [{ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, https, 'http://b:2'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://a:1' }, https, null],
    [{ HTTPS_PROXY: 'a:1' }, https, 'http://a:1'],
    [{ HTTPS_PROXY: 'socks5h://a:1' }, https, 'socks5://a:1'],
    [{ ALL_PROXY: 'socks5://a:1' }, https, 'socks5://a:1'],
    [{ ALL_PROXY: 'socks5://a:1', HTTPS_PROXY: 'http://b:2' }, https, 'http://b:2'],
    // As curl, Go and Node have it: http_proxy is for http addresses.
    [{ HTTP_PROXY: 'http://a:1' }, https, null],
    [{ HTTP_PROXY: 'http://a:1' }, new URL('http://mirror.example/x'), 'http://a:1'],
  ])('%j, %s: %s', async (env, target, expected) => expect(await told(env, target)).toEqual([expected]));

  test.each([
    ['fapi.binance.com', null],
    ['binance.com', null],
    ['.binance.com', null],
    ['*.binance.com', null],
    ['BINANCE.com', null],
    ['example.org, binance.com', null],
    ['example.org binance.com', null],
    ['binance.com:443', null],
    ['*', null],
    ['binance.com:80', 'http://a:1'],
    ['nance.com', 'http://a:1'],
    ['api.binance.com', 'http://a:1'],
    ['', 'http://a:1'],
  ])('no_proxy "%s"', async (list, expected) => expect(await told({ HTTPS_PROXY: 'http://a:1', NO_PROXY: list })).toEqual([expected]));

  test.each([
    ['[2001:db8::1]', null],
    ['2001:db8::1', null],
    ['[2001:db8::1]:443', null],
    ['[2001:db8::1]:80', 'http://a:1'],
    ['2001:db8::2', 'http://a:1'],
  ])('no_proxy "%s" of an IPv6 address', async (list, expected) =>
    expect(await told({ HTTPS_PROXY: 'http://a:1', NO_PROXY: list }, new URL('https://[2001:db8::1]/x'))).toEqual([expected]),
  );

  test('a value that is no proxy is said by the name of the variable, and nothing of it is repeated', async () => {
    const asked = envProxies({ HTTPS_PROXY: 'ftp://me:secret@a:1' })(https);
    await expect(asked).rejects.toMatchObject({
      kind: 'proxy',
      proxy: { via: 'HTTPS_PROXY of the environment', failure: 'unusable' },
      message: expect.not.stringContaining('secret') as string,
    });
  });
});

// The forms that a proxy script may return (Netscape's proxy auto-config, as Chromium's resolveProxy answers).
test.each([
  ['DIRECT', [null]],
  ['PROXY a.example:8080', ['http://a.example:8080']],
  ['PROXY a:1; SOCKS5 b:2; HTTPS c:3; DIRECT', ['http://a:1', 'socks5://b:2', 'https://c:3', null]],
  ['SOCKS a:1; PROXY b:2', ['http://b:2']],
  ['SOCKS4 a:1', []],
  ['PROXY [::1]:8080', ['http://[::1]:8080']],
  ['', []],
])('proxy script "%s"', (answer, expected) => expect(pacProxies(answer).map((one) => one && proxyPlace(one))).toEqual(expected));
