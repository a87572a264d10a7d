import type { AppInfo, VenueTest } from '#bridge/contract.ts';
import type { ProxyChoice } from '#bridge/proxy.ts';
import { signed } from './venue-facts.ts';

const HOW = 'off, system, or http://, https:// or socks5:// with host:port; user:password@ before them where it wants that';

/** What a choice of a proxy means, and what else may stand there. `own`: null where what holds for all is used. */
export function proxyNote(own: ProxyChoice | null, forAll: ProxyChoice, shell: AppInfo['shell']): string {
  const used = own ?? forAll;
  const system = shell === 'desktop' ? 'as the system of this computer says' : 'as HTTPS_PROXY and NO_PROXY said at the start';
  const means =
    used === 'off'
      ? 'Asked straight'
      : used === 'system'
        ? `Asked ${system}`
        : `Asked through it, which looks up the names${passwordNote(used)}`;
  return `${own === null ? `${means}, as all are` : means}. Type ${HOW}.`;
}

const passwordNote = (proxy: ProxyChoice): string => (proxy.includes('@') ? '; a password is locked away and not shown' : '');

/** What a test of the way to a venue saw, a term and its words a line. */
export function testFacts(seen: VenueTest): readonly (readonly [term: string, text: string])[] {
  const { address, via, ms, status, clockOffsetMs, instruments, error } = seen;
  const answer = status === null ? (ms === null ? 'nothing was sent' : `none, after ${ms} ms`) : `status ${status} after ${ms} ms`;
  return [
    ['Result', error ?? `It works: ${instruments} instruments were read.`],
    ['Asked', address],
    ['Through', via ?? (ms === null ? 'nothing' : 'no proxy')],
    ['First answer', answer],
    ['Clock offset', clockOffsetMs === null ? 'no server time' : `${signed(clockOffsetMs)} against this computer's`],
  ];
}
