import { protocol, type Session } from 'electron';
import { scheme, stoppedPage } from './trust-rules.ts';

/** Call before the app is ready: Chromium learns its schemes once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Static on purpose: no script, nothing to load, nothing that could fail again. */
const stopped = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="dark"><title>Perpscope</title>
<h1>The screen stopped several times</h1>
<p>Collecting goes on and nothing stored was lost. Choose View, Reload to try again, or start Perpscope again.</p>
<p>The log in the data folder says what happened.</p></html>`;

export type AssetServer = (request: Request) => Promise<Response>;

export function serveScheme(session: Session, assets: AssetServer): void {
  session.protocol.handle(scheme, async (request) => {
    if (request.url === stoppedPage) {
      return new Response(stopped, {
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" },
      });
    }
    return assets(request);
  });
}
