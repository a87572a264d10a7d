import type { VenueHealth } from '#bridge/contract.ts';

export interface Lamp {
  readonly kind: 'healthy' | 'fault' | 'unknown';
  /** Says without colour what the colour says. */
  readonly glyph: string;
}

const glyphs = { healthy: '\u25CF', fault: '!', unknown: '\u25CB' } as const;

/** A venue's state at a glance. */
export function lampOf({ state }: Pick<VenueHealth, 'state'>, connection: 'connecting' | 'up' | 'down'): Lamp {
  const kind = connection === 'down' || state === 'off' || state === 'starting' ? 'unknown' : state === 'healthy' ? 'healthy' : 'fault';
  return { kind, glyph: glyphs[kind] };
}
