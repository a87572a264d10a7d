import type { PanelHost } from '../../panels/host.svelte.ts';

/** Of the register of panels. */
export const ALERTS = 'alerts';
export const ALERT_EDITOR = 'alert';
export const ALERT_MANNERS = 'alert-manners';
export const WEBHOOK = 'webhook';

/** Opens the editor with a rule, or (null) a new one from what is shown; the alerts stand behind it. */
export function editAlert(host: PanelHost, rule: string | null): void {
  if (rule === null && host.app.selectedRow === null) {
    host.app.toasts.show('notice', 'Select a row first', 'An alert is made from what is shown.');
    return;
  }
  host.bringForward(ALERTS);
  void host.open(ALERT_EDITOR, { page: rule });
}
