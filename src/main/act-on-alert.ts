import type { AppInfo } from '#bridge/contract.ts';
import type { App } from '#core/app.ts';
import type { ToldAlert } from '#core/ports/notifier.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { AlertAction } from './notifier.ts';

/** Does what a button on a notification says, as the page would; what the app refuses is told in its sentence. */
export async function actOnAlert(
  { dispatch }: Pick<App, 'dispatch'>,
  action: AlertAction,
  { rule, instrument, at }: ToldAlert,
  tell: (sentence: string) => void,
): Promise<void> {
  const answer = action === 'acknowledge' ? await dispatch('alerts.acknowledge', { entries: [{ rule, instrument, at }] }) : await snoozed();
  if (!answer.ok) tell(answer.error.message);

  /** By the app's clock: the demo's is not the machine's. What comes is what the contract says of the name. */
  async function snoozed() {
    const info = await dispatch('app.info', {});
    return info.ok ? dispatch('alerts.snooze', { id: rule, until: (info.value as AppInfo).now + HOUR_MS }) : info;
  }
}
