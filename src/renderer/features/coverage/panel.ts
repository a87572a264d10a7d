import CalendarCheck from '@lucide/svelte/icons/calendar-check';
import type { Panel } from '../../panels/panel.ts';
import { calendarKeys } from './keys.ts';
import CoveragePanel from './CoveragePanel.svelte';

export const coverage: Panel = {
  id: 'coverage',
  title: 'Coverage',
  says: 'what of the history is there, what is missing and why; fills it',
  ofNow: 'What is stored today, whenever it was learnt. Fill asks the venue now.',
  icon: CalendarCheck,
  component: CoveragePanel,
  place: 'beside',
  linked: true,
  key: 'v',
  minSize: { width: 760, height: 260 },
  keys: calendarKeys,
};
