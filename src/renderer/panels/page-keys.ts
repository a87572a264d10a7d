import { isTyping } from '../ui/overlay-keys.ts';
import type { PanelHost } from './host.svelte.ts';
import { keyNameOf } from './keys.ts';

/** What a page does instead of a command, by the command's id. */
export type Instead = Readonly<Record<string, () => void>>;

/** Nothing is typed on the page, and no dialog stands over it or over the terminal's. */
export const isFree = ({ page }: PanelHost, { target }: Event, own: Document): boolean =>
  [page, own].every((one) => one.querySelector('dialog:modal') === null) && !isTyping(target);

/** Does what a key means on a page, of the terminal or of a window of a panel's own, that no part of it has taken; false: nothing. */
export function runPageKey(host: PanelHost, event: KeyboardEvent, own: Document, instead: Instead = {}): boolean {
  if (event.defaultPrevented) return false;
  const free = isFree(host, event, own);
  const name = keyNameOf(event);
  const command = host.commands().find(({ keys, everywhere }) => keys === name && (free || everywhere === true));
  if (!command) return false;
  event.preventDefault();
  (instead[command.id] ?? command.run)();
  return true;
}
