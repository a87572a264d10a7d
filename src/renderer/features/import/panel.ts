import FileInput from '@lucide/svelte/icons/file-input';
import type { Panel } from '../../panels/panel.ts';
import ImportPanel from './ImportPanel.svelte';
import { ImportSession, setImport } from './session.svelte.ts';

export const importing: Panel = {
  id: 'import',
  title: 'Import',
  says: 'files of settlements, prices and open interest into the history, and of watchlists',
  ofNow: 'What a file adds is learnt today.',
  icon: FileInput,
  component: ImportPanel,
  place: 'beside',
  key: 'i',
  minSize: { width: 560, height: 260 },
  provide({ app }) {
    setImport(new ImportSession(app));
  },
};
