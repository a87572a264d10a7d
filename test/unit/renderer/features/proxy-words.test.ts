import { expect, test } from 'vitest';
import { proxyNote, testFacts } from '#renderer/features/venues/proxy-words.ts';

test.each([
  [null, 'system', 'desktop', /^Asked as the system of this computer says, as all are\. Type off, system, or/u],
  [null, 'system', 'browser', /^Asked as HTTPS_PROXY and NO_PROXY said at the start, as all are\./u],
  ['off', 'system', 'desktop', /^Asked straight\./u],
  [null, 'socks5://a:1', 'browser', /^Asked through it, which looks up the names, as all are\./u],
  ['http://me@a:1', 'off', 'desktop', /; a password is locked away and not shown\. /u],
] as const)('%s, for all %s, on the %s', (own, forAll, shell, words) => expect(proxyNote(own, forAll, shell)).toMatch(words));

const seen = { address: 'https://a.example/x', via: null, ms: 120, status: 200, clockOffsetMs: -1500, instruments: 7, error: null };
test.each([
  [
    seen,
    [
      'It works: 7 instruments were read.',
      'https://a.example/x',
      'no proxy',
      'status 200 after 120 ms',
      "\u22121.50 s against this computer's",
    ],
  ],
  [
    { ...seen, via: 'socks5://p:1', status: null, clockOffsetMs: null, instruments: null, error: 'A was not asked.' },
    ['A was not asked.', 'https://a.example/x', 'socks5://p:1', 'none, after 120 ms', 'no server time'],
  ],
  [
    { ...seen, ms: null, status: null, clockOffsetMs: null, instruments: null, error: 'A asks for fewer requests.' },
    ['A asks for fewer requests.', 'https://a.example/x', 'nothing', 'nothing was sent', 'no server time'],
  ],
])('what a test saw, case %#', (test, words) => expect(testFacts(test).map(([, text]) => text)).toEqual(words));
