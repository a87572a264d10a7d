import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { PAGE_KEY_HEADER } from '#bridge/wire.ts';

/** Loopback names with any port, so that an SSH tunnel works; a rebound DNS name never passes. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/iu;

/** Who has just started Perpscope, or asked for an address, opens it at once. */
const TOKEN_MS = 60_000;

export const NO_TOKEN_SENTENCE =
  'Open the address that Perpscope printed, with the token in it: this browser has not been let in yet. An address lets one browser in, once, within a minute; Enter where Perpscope runs prints another.';

const page = (body: string, root = ''): string =>
  `<!doctype html>
<html lang="en"${root}><head><meta charset="utf-8"><title>Perpscope</title></head>
<body>${body}</body></html>
`;
const noTokenPage = page(`<p>${NO_TOKEN_SENTENCE}</p>`);

export interface Access {
  /** A token that lets in the browser that brings it first in `/?token=`, within a minute; the one before is worth nothing then. */
  newToken(): string;
  readonly guard: MiddlewareHandler;
}

export interface AccessOptions {
  readonly port: () => number;
  readonly headers: Readonly<Record<string, string>>;
  /** Told of each request that was let in, before it is answered. */
  readonly onLetIn: (context: Context) => void;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/**
 * Lets in the browser that brings the token. It gets a cookie for the page and its files, and a key for the bridge that it keeps
 * where no other port of the machine reads it: a cookie of a host goes to each of its ports, so the cookie alone asks for nothing.
 */
export function createAccess({ port, headers, onLetIn, now = () => performance.now() }: AccessOptions): Access {
  let token: { readonly text: string; readonly until: number } | null = null;
  const session = randomBytes(32).toString('base64url');
  const key = randomBytes(32).toString('base64url');
  /** The port names the cookie: browsers share cookies between the ports of a host. */
  const cookieName = (): string => `perpscope_${port()}`;

  /** True once for the token of now. */
  const burn = (brought: string): boolean => {
    if (token === null || now() > token.until || !equals(brought, token.text)) return false;
    token = null;
    return true;
  };

  return {
    newToken() {
      const text = randomBytes(32).toString('base64url');
      token = { text, until: now() + TOKEN_MS };
      return text;
    },
    async guard(context, next) {
      const { req } = context;
      const refuse = (status: 401 | 403, body: string, type: string): Response =>
        context.body(body, status, {
          ...headers,
          'content-type': `${type}; charset=utf-8`,
          'cache-control': 'no-store',
          connection: 'close',
        });

      const host = req.header('host') ?? '';
      if (!LOOPBACK_HOST.test(host)) return refuse(403, 'This address is not one of Perpscope.', 'text/plain');
      const origin = req.header('origin');
      if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
        return refuse(403, 'Another site may not ask Perpscope for anything.', 'text/plain');
      }
      const brought = req.path === '/' && req.method === 'GET' ? req.query('token') : undefined;
      if (!isOwnSite(context) && !(brought !== undefined && isOpenedFromDisk(context))) {
        return refuse(403, 'Another site may not ask Perpscope for anything.', 'text/plain');
      }
      if (brought !== undefined && burn(brought)) {
        setCookie(context, cookieName(), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
        // No redirect: what a page on the disk opened would come back without a strict cookie.
        return context.body(page('<script src="/enter.js"></script>', ` data-key="${key}"`), 200, {
          ...headers,
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
        });
      }
      const isLetIn = equals(getCookie(context, cookieName()) ?? '', session);
      if (!isLetIn) return refuse(401, noTokenPage, 'text/html');
      if (req.path.startsWith('/bridge/') && !equals(req.header(PAGE_KEY_HEADER) ?? '', key)) {
        return refuse(401, noTokenPage, 'text/html');
      }
      onLetIn(context);
      return next();
    },
  };
}

/** A browser says where a request comes from; what is none says nothing, and has no other site's page to serve. */
function isOwnSite({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** The launcher hands the address over in a file that opens it, which a browser calls another site. */
function isOpenedFromDisk({ req }: Context): boolean {
  return (
    req.header('sec-fetch-site') === 'cross-site' &&
    req.header('sec-fetch-mode') === 'navigate' &&
    req.header('sec-fetch-dest') === 'document'
  );
}

/** In constant time, whatever the lengths. */
function equals(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
