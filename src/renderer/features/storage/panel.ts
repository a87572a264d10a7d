import HardDrive from '@lucide/svelte/icons/hard-drive';
import type { Panel } from '../../panels/panel.ts';
import { outCommands } from '../exports/out.ts';
import { storageTable } from '../exports/upkeep-tables.ts';
import StorageDialog from './StorageDialog.svelte';

/** Of the register of panels. */
export const STORAGE = 'storage';

export const storage: Panel = {
  id: STORAGE,
  title: 'Storage',
  says: 'size, growth, limits, backups, checks',
  ofNow: 'Size, limits and backups are those of today. Conflicts are those that were known then.',
  icon: HardDrive,
  component: StorageDialog,
  place: 'dialog',
  minSize: { width: 640, height: 400 },
  commands: (host) => outCommands(host, 'storage', 'Storage', async () => storageTable(await host.app.client.call('storage.survey', {}))),
};
