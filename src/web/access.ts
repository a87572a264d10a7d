import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** Loopback names with any port, so that an SSH tunnel works; a rebound DNS name never passes. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/iu;

export const NO_TOKEN_SENTENCE =
  'Open the address that Perpscope printed at its start, with the token in it: this browser has not been let in yet.';

const noTokenPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Perpscope</title></head>
<body><p>${NO_TOKEN_SENTENCE}</p></body></html>
`;

export interface Access {
  /** Valid while the process runs; lets in the browser that brings it in `/?token=`. */
  readonly token: string;
  readonly guard: MiddlewareHandler;
}

/** The port names the cookie: browsers share cookies between the ports of a host. */
export function createAccess(port: () => number, headers: Readonly<Record<string, string>>): Access {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const cookieName = (): string => `perpscope_${port()}`;

  return {
    token,
    async guard(context, next) {
      const { req } = context;
      const refuse = (status: 401 | 403, body: string, type: string): Response =>
        context.body(body, status, { ...headers, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });

      const host = req.header('host') ?? '';
      if (!LOOPBACK_HOST.test(host)) return refuse(403, 'This address is not one of Perpscope.', 'text/plain');
      const origin = req.header('origin');
      if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
        return refuse(403, 'Another site may not ask Perpscope for anything.', 'text/plain');
      }
      const brought = req.path === '/' && req.method === 'GET' ? req.query('token') : undefined;
      if (brought !== undefined && equals(brought, token)) {
        setCookie(context, cookieName(), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
        return context.body(null, 303, { ...headers, location: '/', 'cache-control': 'no-store' });
      }
      if (!equals(getCookie(context, cookieName()) ?? '', session)) return refuse(401, noTokenPage, 'text/html');
      return next();
    },
  };
}

/** In constant time, whatever the lengths. */
function equals(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
