import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import type { Panel } from '../../panels/panel.ts';
import { journalKeys } from './keys.ts';
import JournalPanel from './JournalPanel.svelte';
import { JOURNAL } from './session.svelte.ts';

export const journal: Panel = {
  id: JOURNAL,
  title: 'Journal',
  says: 'notes with their instrument and moment, and what came after',
  ofNow: 'All notes, also those written since, and what came after each.',
  icon: NotebookPen,
  component: JournalPanel,
  place: 'beside',
  linked: true,
  minSize: { width: 620, height: 320 },
  keys: journalKeys,
  commands: (host) => [
    { id: 'new-note', title: 'New note on what is shown here', keys: 'n', run: () => void host.open(JOURNAL, { part: 'new' }) },
  ],
};
