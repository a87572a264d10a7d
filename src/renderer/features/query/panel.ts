import DatabaseSearch from '@lucide/svelte/icons/database-search';
import type { Panel } from '../../panels/panel.ts';
import { queryKeys } from './keys.ts';
import QueryPanel from './QueryPanel.svelte';
import { QuerySession, setQuery } from './session.svelte.ts';

export const query: Panel = {
  id: 'query',
  title: 'Query',
  says: 'questions in SQL over the stored history, read only',
  ofNow: 'It asks about everything that is stored today.',
  icon: DatabaseSearch,
  component: QueryPanel,
  place: 'beside',
  key: 'q',
  minSize: { width: 620, height: 240 },
  keys: queryKeys,
  provide({ app }) {
    setQuery(new QuerySession(app));
  },
};
