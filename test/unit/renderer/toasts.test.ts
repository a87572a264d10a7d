import { expect, test } from 'vitest';
import { roomFor, type Toast } from '#renderer/state/toasts.svelte.ts';

const undo = { label: 'Undo', run: () => undefined };
const toast = (id: number, kind: Toast['kind'], action: Toast['action'] = null): Toast => ({
  id,
  kind,
  title: String(id),
  body: '',
  action,
});
const left = (list: readonly Toast[]): number[] => roomFor(list, 3).map(({ id }) => id);

test('a newer message takes the place of the oldest signal, then of a notice; never of an undo or a fault', () => {
  expect(left([toast(1, 'notice'), toast(2, 'signal', undo), toast(3, 'signal', undo), toast(4, 'signal', undo)])).toEqual([1, 3, 4]);
  expect(left([toast(1, 'notice', undo), toast(2, 'notice'), toast(3, 'fault'), toast(4, 'signal')])).toEqual([1, 2, 3]);
  expect(left([toast(1, 'notice', undo), toast(2, 'notice'), toast(3, 'fault'), toast(4, 'notice', undo)])).toEqual([1, 3, 4]);
  // Better one too many than an undo that is gone.
  expect(left([toast(1, 'notice', undo), toast(2, 'fault'), toast(3, 'fault'), toast(4, 'notice', undo)])).toEqual([1, 2, 3, 4]);
});
