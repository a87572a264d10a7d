import type { BrowserContext, Frame, Page, Request as PageRequest, Route } from 'playwright-core';
import { type Deferred, eventWith } from './events.ts';
import type { Session } from './session.ts';
import { fromPage, toPage } from './urls.ts';
import { contentsOf, frameMain, type WebContents } from './web-contents.ts';

/** A window that a page asked for, from Chromium's first word of it to its page. */
export interface Opening {
  readonly url: string;
  readonly contents: WebContents | null;
  readonly page: Deferred<Page>;
  state: 'asked' | 'requested' | 'bound';
}

export const openings: Opening[] = [];

const frameOf = (request: PageRequest): Frame | null => {
  try {
    return request.frame();
  } catch (error) {
    // A window's first request comes before its frame.
    if (error instanceof Error && error.message.includes('before the frame is created')) return null;
    throw error;
  }
};

/** Plays the network of Electron: navigation events, webRequest, the scheme's handler, and nothing behind them. */
export async function routeEverything(context: BrowserContext, session: Session): Promise<void> {
  await context.route('**/*', (route) => answer(route, session));
}

async function answer(route: Route, session: Session): Promise<void> {
  const request = route.request();
  const url = fromPage(request.url());
  if (request.isNavigationRequest() && !mayNavigate(request, url)) return route.abort('aborted');
  const type = request.isNavigationRequest() ? (frameOf(request)?.parentFrame() ? 'subFrame' : 'mainFrame') : request.resourceType();
  if (session.cancels(url, type, request.method())) return route.abort('blockedbyclient');
  const scheme = URL.parse(url)?.protocol.slice(0, -1) ?? '';
  const handler = session.handlers.get(scheme);
  if (handler === undefined) {
    session.network.push(url);
    return route.abort('internetdisconnected');
  }
  const response = await handler(new Request(url, { method: request.method(), headers: request.headers() }));
  const location = response.headers.get('location');
  if (location !== null && response.status >= 300 && response.status < 400 && request.isNavigationRequest()) {
    const event = eventWith({ url: new URL(location, url).href, isSameDocument: false, isMainFrame: true });
    windowOf(request, url).contents?.emit('will-redirect', event, event.url);
    if (event.defaultPrevented) return route.abort('aborted');
  }
  const headers = Object.fromEntries(response.headers);
  if (location !== null) headers['location'] = toPage(new URL(location, url).href);
  return route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
}

/** The window that a navigation belongs to; one that was just opened is not bound to its page yet. */
function windowOf(request: PageRequest, url: string): { contents: WebContents | null; opening: Opening | null; frame: Frame | null } {
  const frame = frameOf(request);
  const contents = frame === null ? null : contentsOf(frame.page());
  if (contents !== null) return { contents, opening: null, frame };
  const opening = openings.find((candidate) => candidate.url === url && candidate.state === 'asked') ?? null;
  return { contents: opening?.contents ?? null, opening, frame: null };
}

/** The page's own wish to go somewhere, told to the shell as Electron tells it. */
function mayNavigate(request: PageRequest, url: string): boolean {
  const { contents, opening, frame } = windowOf(request, url);
  if (opening !== null) opening.state = 'requested';
  if (contents === null) return false;
  if (frame !== null && contents.loading > 0) return true;
  return asks(contents, url, frame === null || frame.parentFrame() === null, frame);
}

function asks(contents: WebContents, url: string, isMainFrame: boolean, frame: Frame | null): boolean {
  const fields = { url, isSameDocument: false, isMainFrame, frame: frame === null ? null : frameMain(frame), initiator: null };
  const navigate = eventWith(fields);
  if (isMainFrame) contents.emit('will-navigate', navigate, url);
  const frameNavigate = eventWith(fields);
  if (!navigate.defaultPrevented) contents.emit('will-frame-navigate', frameNavigate);
  return !navigate.defaultPrevented && !frameNavigate.defaultPrevented;
}
