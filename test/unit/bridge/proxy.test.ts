import { describe, expect, test } from 'vitest';
import { outgoing, proxyChoice, proxyParts, proxyPlace, readTypedProxy } from '#bridge/proxy.ts';

describe('what a person types', () => {
  test.each([
    ['off', 'off', ''],
    [' System ', 'system', ''],
    ['http://proxy.example:8080', 'http://proxy.example:8080', ''],
    ['HTTPS://Proxy.Example:443/', 'https://proxy.example:443', ''],
    ['socks5://127.0.0.1:1080', 'socks5://127.0.0.1:1080', ''],
    // curl's name for names resolved by the proxy, which is the only way here.
    ['socks5h://127.0.0.1:1080', 'socks5://127.0.0.1:1080', ''],
    ['socks5://[::1]:1080', 'socks5://[::1]:1080', ''],
    ['http://me@proxy.example:8080', 'http://me@proxy.example:8080', ''],
    ['http://me:secret@proxy.example:8080', 'http://me@proxy.example:8080', 'secret'],
    ['http://me%40desk:s%3Acret@proxy.example:8080', 'http://me%40desk@proxy.example:8080', 's:cret'],
    // As somebody types it who knows of no percent codes.
    ['http://me:p@ss:w/rd%@proxy.example:8080', 'http://me@proxy.example:8080', 'p@ss:w/rd%'],
  ])('%s', (text, choice, password) => {
    expect(readTypedProxy(text)).toEqual({ choice, password });
    expect(proxyChoice.safeParse(choice).success).toBe(true);
  });

  test.each([
    ['proxy.example', /with its kind and port/u],
    ['proxy.example:8080', /with its kind and port/u],
    ['http://proxy.example', /with its kind and port/u],
    ['http://proxy.example:0', /with its kind and port/u],
    ['http://proxy.example:65536', /with its kind and port/u],
    ['http://proxy.example:8080/path', /with its kind and port/u],
    ['ftp://proxy.example:21', /with its kind and port/u],
    ['http://a b:8080', /with its kind and port/u],
    ['', /with its kind and port/u],
    ['socks4://127.0.0.1:1080', /only SOCKS5/u],
    ['http://:secret@proxy.example:8080', /goes with a user name/u],
  ])('%s is refused in words that repeat none of it', (text, why) => {
    const read = readTypedProxy(text);
    expect(read).toEqual({ why: expect.stringMatching(why) as string });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});

test('settings hold no password, and say so', () => {
  const read = proxyChoice.safeParse('http://me:secret@proxy.example:8080');
  expect(read.success).toBe(false);
  expect(String(read.error)).not.toContain('secret');
});

test('where a proxy stands is told without who uses it', () => {
  const parts = proxyParts('socks5://me:secret@proxy.example:1080');
  expect(typeof parts === 'string' ? parts : proxyPlace(parts)).toBe('socks5://proxy.example:1080');
  expect(['off', 'system', 'http://me@a:1', 'http://you@a:1'].map(outgoing)).toEqual(['', '', 'http://a:1', 'http://a:1']);
});
