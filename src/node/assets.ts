import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** What a page may be sent; anything else in the folder is not there for it. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Names that our build makes: no dot segments, no backslash, colon, NUL or percent sign can pass. */
const SAFE_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/u;
const MAX_PATH = 512;

export interface AssetOptions {
  /** The page may talk to its own origin: only the loopback host, whose page has no other way to the app. */
  readonly connectSelf: boolean;
}

/** Headers of every answer that a page gets, errors included. */
export function securityHeaders({ connectSelf }: AssetOptions): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "media-src 'self'",
      `connect-src ${connectSelf ? "'self'" : "'none'"}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
  };
}

/** Serves the built renderer below `root`: GET and HEAD only, everything unknown is 404. Never throws. */
export function createAssetServer(root: string, options: AssetOptions): (request: Request) => Promise<Response> {
  const headers = securityHeaders(options);
  const refuse = (status: number, text: string): Response =>
    new Response(text, { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } });

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD are possible here.');
    const path = assetPath(request.url);
    const type = path === null ? undefined : CONTENT_TYPES[extname(path)];
    if (path === null || type === undefined) return refuse(404, 'There is no such file.');
    const body = await readInside(root, path);
    if (body === null) return refuse(404, 'There is no such file.');
    return new Response(request.method === 'HEAD' ? null : body, {
      status: 200,
      headers: { ...headers, 'content-type': type, 'content-length': String(body.byteLength), 'cache-control': cacheControl(path) },
    });
  };
}

/** The path below the root, or null for one that no file of ours can have. */
export function assetPath(url: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return null;
    throw error;
  }
  if (path === '/' || path === '') return '/index.html';
  return path.length <= MAX_PATH && SAFE_PATH.test(path) ? path : null;
}

/** null where the file is missing, is no file or is reached through a link that leaves the root. */
async function readInside(root: string, path: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    const [base, file] = await Promise.all([realpath(root), realpath(join(root, path))]);
    return file.startsWith(base + sep) ? await readFile(file) : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM']);
const isMissing = (error: unknown): boolean => error instanceof Error && MISSING.has((error as NodeJS.ErrnoException).code ?? '');

/** Vite puts a hash of the content in the names below /assets/, so those never change. */
function cacheControl(path: string): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable';
  return path.endsWith('.html') ? 'no-store' : 'no-cache';
}
