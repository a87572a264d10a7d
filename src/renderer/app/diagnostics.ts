import type { PanelHost } from '../panels/host.svelte.ts';

/** Puts what a report needs on the clipboard, for the person to read and send. */
export async function copyDiagnostics({ app, page }: Pick<PanelHost, 'app' | 'page'>): Promise<void> {
  const why = await app.attempt(async () => {
    const { text } = await app.client.call('app.diagnostics', {});
    const clipboard = page.defaultView?.navigator.clipboard;
    if (clipboard === undefined) throw new Error('This page has no clipboard.');
    await clipboard.writeText(text);
  });
  if (why === null) app.toasts.show('notice', 'Diagnostics copied', 'Read them before you send them: the log names what was asked.');
  else app.toasts.show('fault', 'Diagnostics were not copied', why);
}
