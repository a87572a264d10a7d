import type { PanelHost } from '../panels/host.svelte.ts';
import type { Command } from '../panels/panel.ts';

/** Looks now and says what came of it, whatever the setting says. */
async function look({ app }: PanelHost): Promise<void> {
  const why = await app.attempt(async () => {
    const { newer, version, changes, link, installable } = await app.client.call('updates.look', {});
    const action = installable ? { label: 'Download', run: () => void prepare(app) } : undefined;
    if (newer) app.toasts.show('notice', `Perpscope ${version} is out`, `${changes.join(' ')} ${link}`, action);
    else app.toasts.show('notice', `Perpscope ${version} is the newest version`);
  });
  if (why !== null) app.toasts.show('fault', 'No newer version was found', why);
}

async function prepare(app: PanelHost['app']): Promise<void> {
  const why = await app.attempt(async () => {
    const { version } = await app.client.call('updates.prepare', {});
    app.toasts.show('notice', `Perpscope ${version} is here and checked`, 'It takes the place of this one when you end Perpscope.');
  });
  if (why !== null) app.toasts.show('fault', 'The new version was not taken', why);
}

export function updateCommands(host: PanelHost): Command[] {
  const { app } = host;
  const isOn = (): boolean => app.settings?.updates === true;
  return [
    { id: 'updates-look', title: 'Updates: is there a newer version?', run: () => void look(host) },
    {
      id: 'updates-on',
      title: 'Updates: tell me of newer versions (asks once a day)',
      run: () => void app.change({ updates: true }),
      when: () => !isOn(),
    },
    { id: 'updates-off', title: 'Updates: do not ask any more', run: () => void app.change({ updates: false }), when: isOn },
  ];
}
