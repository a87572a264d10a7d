import type { ProxyFailure } from '../ports/http.ts';
import type { ProxyWay } from '../venue-error.ts';

/** Why a venue was not reached through its proxy, and what a person can do. */
export function proxySentence(venue: string, way: ProxyWay | null): string {
  const via = `the proxy ${way?.via ?? ''}`;
  const unreached = `${venue} was not asked:`;
  const sentences: Readonly<Record<ProxyFailure, string>> = {
    unusable: `${unreached} ${via} cannot be used. It must be an HTTP, HTTPS or SOCKS5 proxy with its port.`,
    'not-reached': `${unreached} nothing answers at ${via}. Is it running, and is its address right?`,
    'unknown-name': `${unreached} the name of ${via} is not known. Is it right, and is there a network?`,
    'not-trusted': `${unreached} the certificate of ${via} cannot be trusted, or it speaks no TLS (then it is an http:// proxy).`,
    'not-a-proxy': `${unreached} what answers at ${via} is no proxy of that kind. Is its port right?`,
    closed: `${unreached} ${via} closes the connection without a word. Is it a proxy of that kind?`,
    login: `${unreached} ${via} wants another user name and password (407). Write them into its address: http://user:password@host:port.`,
    locked: `${unreached} the password of ${via} cannot be read here. Only the desktop app on this computer can; type the proxy anew there.`,
    refused: `${unreached} ${via} refuses to connect to it.`,
    'cannot-reach': `${venue} cannot be reached by ${via}: it does not know the name or gets no connection there.`,
    loop: `${unreached} ${via} leads back to itself. Is the venue's address, or that of the proxy, the wrong one?`,
  };
  return sentences[way?.failure ?? 'not-reached'];
}
