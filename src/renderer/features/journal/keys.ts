import type { LocalKey } from '../../panels/keys.ts';

export interface JournalTarget {
  save(): void;
  close(): void;
}

export const journalKeys: readonly LocalKey<JournalTarget>[] = [
  {
    keys: ['Mod+enter'],
    does: 'Keep the note',
    run: (target) => {
      target.save();
    },
  },
  {
    keys: ['Escape'],
    does: 'Close it; what is being written stays',
    run: (target) => {
      target.close();
    },
  },
];
