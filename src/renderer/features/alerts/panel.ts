import Bell from '@lucide/svelte/icons/bell';
import BellRing from '@lucide/svelte/icons/bell-ring';
import BellPlus from '@lucide/svelte/icons/bell-plus';
import WebhookIcon from '@lucide/svelte/icons/webhook';
import type { Panel } from '../../panels/panel.ts';
import AlertDialog from './AlertDialog.svelte';
import AlertsPanel from './AlertsPanel.svelte';
import { ALERT_EDITOR, ALERT_MANNERS, ALERTS, editAlert, WEBHOOK } from './edit-alert.ts';
import MannersDialog from './MannersDialog.svelte';
import WebhookDialog from './WebhookDialog.svelte';
import { outCommands } from '../exports/out.ts';
import { alertTable } from '../exports/alert-table.ts';
import { alertKeys } from './keys.ts';

/** The screen lists the newest alone; a table has all. */
const WHOLE_LOG = 100_000;

export const alerts: Panel = {
  id: ALERTS,
  title: 'Alerts',
  says: 'status and history',
  icon: Bell,
  component: AlertsPanel,
  place: 'below',
  minSize: { width: 580, height: 172 },
  keys: alertKeys,
  commands: (host) => [
    { id: 'new-alert', title: 'New alert on what is shown here', keys: 'a', run: () => editAlert(host, null) },
    ...outCommands(host, 'alerts', 'Alerts', async () => alertTable(await host.app.client.call('alerts.log', { limit: WHOLE_LOG }))),
  ],
};

export const alertEditor: Panel = {
  id: ALERT_EDITOR,
  title: 'Alert editor',
  says: 'what an alert asks, and how it would have done',
  ofNow: 'A dry run reads everything that is stored today. Rules are changed once you are back at now.',
  icon: BellPlus,
  component: AlertDialog,
  place: 'dialog',
  minSize: { width: 720, height: 480 },
  isInner: true,
};

export const alertManners: Panel = {
  id: ALERT_MANNERS,
  title: 'When alerts tell',
  says: 'quiet hours and cooldowns of all alerts',
  icon: BellRing,
  component: MannersDialog,
  place: 'dialog',
  minSize: { width: 520, height: 320 },
};

export const webhook: Panel = {
  id: WEBHOOK,
  title: 'Webhook',
  says: 'where alerts are posted too',
  icon: WebhookIcon,
  component: WebhookDialog,
  place: 'dialog',
  minSize: { width: 560, height: 320 },
};
