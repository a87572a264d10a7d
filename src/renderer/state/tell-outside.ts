import { visibleLine } from '#domain/shown-text.ts';

/** Notifications of the browser shell; on the desktop the main process tells. */

export const canTellOutside = (): boolean => 'Notification' in window;

/** Must be called from a click: browsers ignore it otherwise. */
export async function askToTellOutside(): Promise<boolean> {
  if (!canTellOutside()) return false;
  return (await Notification.requestPermission()) === 'granted';
}

export function tellOutside(title: string, body: string, open: () => void): void {
  if (!canTellOutside() || Notification.permission !== 'granted') return;
  const notification = new Notification(visibleLine(title), { body: visibleLine(body), icon: '/mark.svg', tag: title });
  notification.onclick = () => {
    window.focus();
    open();
    notification.close();
  };
}
