import Keyboard from '@lucide/svelte/icons/keyboard';
import type { Panel } from '../panels/panel.ts';
import KeyList from './KeyList.svelte';

/** Of the register of panels. */
export const KEYS = 'keys';

export const keyList: Panel = {
  id: KEYS,
  title: 'Keyboard shortcuts',
  says: 'every key that is bound',
  icon: Keyboard,
  component: KeyList,
  place: 'dialog',
  key: '?',
  minSize: { width: 760, height: 400 },
};
