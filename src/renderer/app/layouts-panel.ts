import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import type { Panel } from '../panels/panel.ts';
import LayoutsDialog from './LayoutsDialog.svelte';

/** Of the register of panels. */
export const LAYOUTS = 'layouts';

export const layouts: Panel = {
  id: LAYOUTS,
  title: 'Layouts',
  says: 'name, rename, delete, save to a file and read from one',
  icon: LayoutDashboard,
  component: LayoutsDialog,
  place: 'dialog',
  minSize: { width: 520, height: 320 },
};
