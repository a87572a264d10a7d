import type { PanelHost } from '../panels/host.svelte.ts';
import type { Command } from '../panels/panel.ts';
import { pastCommands } from '../features/past/commands.ts';
import { dockCommands } from '../panels/dock-commands.ts';
import { layoutCommands } from '../panels/layouts.ts';
import { popOut } from '../panels/popout.ts';
import { unitName } from '../format/numbers.ts';
import { copyDiagnostics } from './diagnostics.ts';
import { updateCommands } from './updates.ts';
import { after, colourings, densities, numberFormats, themes, units } from './choices.ts';

const ZONES = Intl.supportedValuesOf('timeZone');

/** What can be done that is no single panel's. */
export function pageCommands(host: PanelHost): Command[] {
  const { app } = host;
  return [
    { id: 'palette', title: 'Search instruments and commands', keys: 'Mod+k', everywhere: true, run: () => host.togglePalette() },
    ...pastCommands(host),
    { id: 'unit', title: 'Unit: the next one', keys: 'u', run: () => void app.change({ unit: after(units, app.unit) }) },
    ...units.map((unit): Command => ({ id: `unit-${unit}`, title: `Unit: ${unitName(unit)}`, run: () => void app.change({ unit }) })),
    {
      id: 'zone',
      title: 'Zone: UTC or local time',
      keys: 'z',
      run: () => void app.change({ zone: app.zone === 'utc' ? 'local' : 'utc' }),
    },
    { id: 'utc', title: 'Zone: UTC', run: () => void app.change({ zone: 'utc' }) },
    { id: 'local', title: 'Zone: local time', run: () => void app.change({ zone: 'local' }) },
    ...ZONES.map((zone): Command => ({ id: `zone-${zone}`, title: `Zone: ${zone}`, byName: true, run: () => void app.change({ zone }) })),
    ...themes.map(({ value, text }): Command => ({
      id: `theme-${value}`,
      title: `Theme: ${text}`,
      run: () => void app.change({ theme: value }),
    })),
    ...colourings.map(({ value, text }): Command => ({
      id: `colours-${value}`,
      title: `Colours: ${text}`,
      run: () => void app.change({ colours: value }),
    })),
    ...densities.map(({ value, text }): Command => ({
      id: `density-${value}`,
      title: `Density: ${text}`,
      run: () => void app.change({ density: value }),
    })),
    ...numberFormats.map(({ value, text }): Command => ({
      id: `numbers-${value}`,
      title: `Numbers: ${text}`,
      run: () => void app.change({ numberFormat: value }),
    })),
    {
      id: 'notify',
      title: app.settings?.notify === true ? 'Notifications: off' : 'Notifications: on',
      run: () => void app.change({ notify: app.settings?.notify !== true }),
    },
    {
      id: 'introduction',
      title: 'Help: what Perpscope is, in three sentences',
      run: () => void app.change({ introduced: false }),
    },
    ...updateCommands(host),
    {
      id: 'diagnostics',
      title: 'Copy diagnostics: versions, health, settings and log, without private paths',
      run: () => void copyDiagnostics(host),
    },
    ...layoutCommands(host),
    ...dockCommands(host),
    ...host.dockable
      .filter(({ place }) => place !== 'main')
      .map((panel): Command => ({
        id: `window-${panel.id}`,
        title: `${panel.title} in its own window`,
        run: () => void popOut(host, panel),
      })),
  ];
}
