import type { PanelHost } from '../panels/host.svelte.ts';

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[];
}

/** Every key that is bound: those of commands, then those that a panel takes while it has the focus. */
export function keyGroups(host: PanelHost): readonly KeyGroup[] {
  const everywhere = host.commands().flatMap(({ keys, title }) => (keys === undefined ? [] : [{ keys: [keys], does: title }]));
  const ofPanels = host.panels.flatMap(({ title, keys = [] }) => {
    const listed = keys.flatMap((one) => (one.does === null ? [] : [{ keys: one.keys, does: one.does }]));
    return listed.length === 0 ? [] : [{ title, keys: listed }];
  });
  return [{ title: 'Everywhere', keys: everywhere }, ...ofPanels];
}
