import Telescope from '@lucide/svelte/icons/telescope';
import type { Command, Panel } from '../../panels/panel.ts';
import ExplorerPanel from './ExplorerPanel.svelte';
import { EXPLORER, ExplorerSession, setExplorer, VIEWS } from './session.svelte.ts';

export const explorer: Panel = {
  id: EXPLORER,
  title: 'Explorer',
  says: 'the stored past: distribution, week, extremes, payments, life of a spread',
  icon: Telescope,
  component: ExplorerPanel,
  place: 'beside',
  key: 'x',
  minSize: { width: 760, height: 320 },
  commands: (host) =>
    VIEWS.map(({ value, says }): Command => ({
      id: `explore-${value}`,
      title: `Explorer: ${says}`,
      run: () => void host.open(EXPLORER, { page: value }),
    })),
  provide({ app }) {
    setExplorer(new ExplorerSession(app));
  },
};
