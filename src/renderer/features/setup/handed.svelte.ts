import type { HandedFile } from '#bridge/setup.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';

/** The file that the system handed over, until the dialog shows it. */
export const handed = $state<{ file: HandedFile | null }>({ file: null });

/** Shows what was handed over before the page came, and what comes while it stands. */
export function showHanded(host: PanelHost): void {
  const { app } = host;
  const look = async (): Promise<void> => {
    try {
      const file = await app.client.call('setup.handed', {});
      if (file === null) return;
      handed.file = file;
      await host.open('setup');
    } catch (error) {
      app.tell(error);
    }
  };
  app.client.on('setup.handed', () => void look());
  void look();
}
