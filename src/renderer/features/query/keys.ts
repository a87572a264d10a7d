import type { LocalKey } from '../../panels/keys.ts';

export interface QueryTarget {
  run(): void;
  stop(): void;
  close(): void;
}

export const queryKeys: readonly LocalKey<QueryTarget>[] = [
  {
    keys: ['Mod+enter'],
    does: 'Ask the question',
    run: (target) => {
      target.run();
    },
  },
  {
    keys: ['Mod+.'],
    does: 'Stop the question',
    run: (target) => {
      target.stop();
    },
  },
  {
    keys: ['Escape'],
    does: 'Close it; the question and its answer stay',
    run: (target) => {
      target.close();
    },
  },
];
