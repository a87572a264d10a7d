import type { LocalKey } from '../../panels/keys.ts';

export interface JournalTarget {
  save(): void;
}

export const journalKeys: readonly LocalKey<JournalTarget>[] = [
  {
    keys: ['Mod+enter'],
    does: 'Keep the note',
    run: (target) => {
      target.save();
    },
  },
];
