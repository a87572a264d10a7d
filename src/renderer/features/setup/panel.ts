import FileCog from '@lucide/svelte/icons/file-cog';
import type { Panel } from '../../panels/panel.ts';
import { showHanded } from './handed.svelte.ts';
import SetupDialog from './SetupDialog.svelte';

export const setup: Panel = {
  id: 'setup',
  title: 'Setup file',
  says: 'lists, layout, alerts and settings as one file, out and in',
  ofNow: 'The file holds what is set today.',
  icon: FileCog,
  component: SetupDialog,
  place: 'dialog',
  provide: showHanded,
  minSize: { width: 560, height: 320 },
};
