import type { PanelHost } from '../../panels/host.svelte.ts';
import type { Command } from '../../panels/panel.ts';
import { HOUR_MS } from '#domain/time.ts';

/** The last full hour: from there one steps to where one wants to be. */
export function openPast({ app }: PanelHost): void {
  void app.past.go(Math.ceil(app.clock.read() / HOUR_MS) * HOUR_MS - HOUR_MS);
}

export function pastCommands(host: PanelHost): Command[] {
  const { app } = host;
  const { past } = app;
  const inPast = (): boolean => app.isPast;
  return [
    {
      id: 'past-open',
      title: 'Time machine: stand at a moment of the past',
      keys: 'g',
      run: () => openPast(host),
      when: () => !app.isPast,
    },
    { id: 'past-back', title: 'Time machine: one step back', keys: ',', run: () => void past.step(-1), when: inPast },
    { id: 'past-on', title: 'Time machine: one step on', keys: '.', run: () => void past.step(1), when: inPast },
    { id: 'past-play', title: 'Time machine: play or pause', keys: 'P', run: () => past.togglePlay(), when: inPast },
    { id: 'past-hour', title: 'Time machine: step from hour to hour', run: () => (past.by = 'hour'), when: inPast },
    { id: 'past-settlement', title: 'Time machine: step from settlement to settlement', run: () => (past.by = 'settlement'), when: inPast },
    {
      id: 'past-count',
      title: 'Time machine: as recorded, or venue time',
      keys: 'w',
      run: () => void past.count(!past.isVenueTime),
      when: inPast,
    },
    { id: 'past-leave', title: 'Time machine: back to now', keys: 'b', run: () => past.leave(), when: inPast },
  ];
}
