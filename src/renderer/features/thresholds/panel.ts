import Gauge from '@lucide/svelte/icons/gauge';
import type { Panel } from '../../panels/panel.ts';
import Thresholds from './Thresholds.svelte';

export const thresholds: Panel = {
  id: 'threshold',
  title: 'Threshold',
  says: 'edit it, and see how often it fired',
  icon: Gauge,
  component: Thresholds,
  place: 'below',
  linked: true,
  key: 't',
  minSize: { width: 580, height: 172 },
};
