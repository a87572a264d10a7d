import Scale from '@lucide/svelte/icons/scale';
import { untrack } from 'svelte';
import type { Panel } from '../../panels/panel.ts';
import EvidencePanel from './EvidencePanel.svelte';
import { EVIDENCE, EvidenceSession, setEvidence } from './session.svelte.ts';

export const evidence: Panel = {
  id: EVIDENCE,
  title: 'Evidence',
  says: 'did a rule pay, over the stored history',
  ofNow: 'A study runs over everything that is stored today.',
  icon: Scale,
  component: EvidencePanel,
  place: 'beside',
  key: 'y',
  minSize: { width: 760, height: 320 },
  provide({ app }) {
    const session = new EvidenceSession(app);
    setEvidence(session);
    $effect(() => untrack(() => session.start()));
  },
};
