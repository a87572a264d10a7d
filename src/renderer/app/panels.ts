import { alertEditor, alertManners, alerts, webhook } from '../features/alerts/panel.ts';
import { calculators } from '../features/calculators/panel.svelte.ts';
import { chart } from '../features/chart/panel.ts';
import { coverage } from '../features/coverage/panel.ts';
import { explorer } from '../features/explorer/panel.ts';
import { evidence } from '../features/evidence/panel.svelte.ts';
import { importing } from '../features/import/panel.ts';
import { instrument } from '../features/instrument/panel.ts';
import { matrix } from '../features/matrix/panel.ts';
import { columns } from '../features/metrics/panel.ts';
import { journal } from '../features/journal/panel.ts';
import { query } from '../features/query/panel.ts';
import { addInstrument } from '../features/search/panel.ts';
import { setup } from '../features/setup/panel.ts';
import { storage } from '../features/storage/panel.ts';
import { thresholds } from '../features/thresholds/panel.ts';
import { venues } from '../features/venues/panel.ts';
import { watchlist } from '../features/watchlist/panel.ts';
import type { Panel } from '../panels/panel.ts';
import { layouts } from './layouts-panel.ts';
import { keyList } from './key-list.ts';

/**
 * Every panel there is: the layout, the palette, the list of keys and the windows of their own come from here. The order is
 * that of the palette, and of the names below the chart. To add one: docs/how-to-add-a-panel.md.
 */
export const PANELS: readonly Panel[] = [
  watchlist,
  addInstrument,
  columns,
  chart,
  thresholds,
  matrix,
  alerts,
  alertEditor,
  alertManners,
  webhook,
  calculators,
  instrument,
  coverage,
  explorer,
  journal,
  query,
  evidence,
  venues,
  importing,
  storage,
  setup,
  layouts,
  keyList,
];
