import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import type { Panel } from '../../panels/panel.ts';
import { matrixKeys } from './keys.ts';
import { outCommands } from '../exports/out.ts';
import { matrixTable } from '../exports/tables.ts';
import MatrixPanel from './MatrixPanel.svelte';

export const matrix: Panel = {
  id: 'matrix',
  title: 'Matrix',
  says: 'assets by venues, spread and best pair',
  icon: Grid3x3,
  component: MatrixPanel,
  place: 'below',
  linked: true,
  key: 'm',
  minSize: { width: 620, height: 172 },
  stays: true,
  keys: matrixKeys,
  commands: (host) =>
    outCommands(host, 'matrix', 'Matrix', async () =>
      matrixTable(await host.app.client.call('metrics.matrix', { list: host.app.list?.id ?? null })),
    ),
};
