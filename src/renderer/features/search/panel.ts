import Plus from '@lucide/svelte/icons/plus';
import type { Panel } from '../../panels/panel.ts';
import AddDialog from './AddDialog.svelte';

/** Of the register of panels. */
export const ADD = 'add';

export const addInstrument: Panel = {
  id: ADD,
  title: 'Add an instrument',
  says: 'to the list that is shown',
  ofNow: 'It finds what venues list today. Lists of the past stay as they were.',
  icon: Plus,
  component: AddDialog,
  place: 'dialog',
  key: '+',
  minSize: { width: 560, height: 320 },
};
