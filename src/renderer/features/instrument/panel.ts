import IdCard from '@lucide/svelte/icons/id-card';
import type { Panel } from '../../panels/panel.ts';
import InstrumentPanel from './InstrumentPanel.svelte';
import { INSTRUMENT } from './name.ts';

export const instrument: Panel = {
  id: INSTRUMENT,
  title: 'Instrument',
  says: 'everything that is known of one instrument: terms, settlements, coverage, regime, record, notes',
  ofNow: 'How much of its history is stored.',
  icon: IdCard,
  component: InstrumentPanel,
  place: 'beside',
  linked: true,
  key: 'I',
  minSize: { width: 480, height: 260 },
};
